# What is installed, and `cpack` in a build tree of preset release: a .deb that stands on Debian's libraries, and a .tgz that
# brings along what a fresh Debian 12 does not have. ci/test_package.sh installs both in a clean root.
set(doc_folder ${CMAKE_INSTALL_DATADIR}/doc/smtpspec)

install(TARGETS smtpspec RUNTIME_DEPENDENCY_SET libraries
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/smtpspec/scenarios
        COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/reports/schema/run-record.schema.json
        DESTINATION ${CMAKE_INSTALL_DATADIR}/smtpspec/schema COMPONENT program)
install(FILES ${manual_folder}/smtpspec.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
install(FILES ${manual_folder}/smtpspec.bash RENAME smtpspec
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
install(FILES ${manual_folder}/_smtpspec DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT program)
install(FILES ${manual_folder}/smtpspec.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
        COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/ci/cmake/smtpspecConfig.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/smtpspec
        COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/ci/package/copyright ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${doc_folder}
        COMPONENT program)

# The .tgz only; the program looks beside itself first. What every Debian has is left to it.
set_target_properties(smtpspec PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/smtpspec")
install(RUNTIME_DEPENDENCY_SET libraries
        PRE_EXCLUDE_REGEXES "^ld-linux" "^libc\\." "^libm\\." "^libgcc_s\\." "^libstdc\\+\\+\\."
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/smtpspec COMPONENT libraries)

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME smtpspec)
set(CPACK_PACKAGE_VENDOR "the smtpspec developers")
set(CPACK_PACKAGE_CONTACT "the smtpspec developers <smtpspec@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/ci/package/choose_components.cmake)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)

set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Loaded when a mailbox is read over POP3 or IMAP, and then only.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS libcurl4)
include(CPack)
