# Read by cpack for each generator: Debian's libraries come by dependency, those of an archive within it.
if(CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_COMPONENTS_ALL program author)
else()
  set(CPACK_COMPONENTS_ALL program author libraries)
  set(CPACK_PACKAGING_INSTALL_PREFIX /)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
endif()
