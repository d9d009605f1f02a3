# smtpspec_room(NAME SOURCES ... HEADERS ... [ROOMS ...] [LIBRARIES ...] [PRIVATE_LIBRARIES ...])
#
# A room is one static library `smtpspec_NAME` whose headers are included from the project root
# ("harness/wire/reply.h"). ROOMS are the rooms whose headers it uses. LIBRARIES appear in its headers,
# PRIVATE_LIBRARIES only in its sources (the landlord rule: a third-party type stays behind one room's door).
add_library(smtpspec_warnings INTERFACE)
target_compile_options(smtpspec_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wswitch-enum)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees an overlap in `"literal" + std::string` that is not there (GCC bug 105329).
  target_compile_options(smtpspec_warnings INTERFACE -Wno-restrict)
endif()
if(SMTPSPEC_WERROR)
  target_compile_options(smtpspec_warnings INTERFACE -Werror)
endif()

function(smtpspec_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;ROOMS;LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  set(target smtpspec_${name})
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:smtpspec_warnings> ${ARG_PRIVATE_LIBRARIES})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${ARG_HEADERS})
  target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  list(TRANSFORM ARG_ROOMS PREPEND smtpspec_)
  target_link_libraries(${target} ${scope} ${ARG_ROOMS} ${ARG_LIBRARIES})
  add_library(smtpspec::${name} ALIAS ${target})
endfunction()
