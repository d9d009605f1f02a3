# find_package(smtpspec) gives smtpspec_EXECUTABLE and
#
#   smtpspec_add_conformance_test(NAME
#     SPAWN 'COMMAND with {port} and {maildir}' | TARGET HOST:PORT | PROFILE FILE
#     [ARGS OPTION...] [WAIVERS FILE] [REPORT_FOLDER FOLDER] [TIMEOUT SECONDS])
#
# A CTest test that runs the suite against the server: passed when the gate is met (exit code 0). SPAWN may hold generator
# expressions, $<TARGET_FILE:mymta> above all. With REPORT_FOLDER it leaves NAME.json, NAME.xml (JUnit) and NAME.html there.
find_program(smtpspec_EXECUTABLE smtpspec HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin
             ${CMAKE_CURRENT_LIST_DIR}/../../../../bin)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(smtpspec REQUIRED_VARS smtpspec_EXECUTABLE)

function(smtpspec_add_conformance_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "SPAWN;TARGET;PROFILE;WAIVERS;REPORT_FOLDER;TIMEOUT" "ARGS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "smtpspec_add_conformance_test(${name}): unknown argument ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_SPAWN AND NOT ARG_TARGET AND NOT ARG_PROFILE)
    message(FATAL_ERROR "smtpspec_add_conformance_test(${name}): SPAWN, TARGET or PROFILE has to name a server")
  endif()
  set(command ${smtpspec_EXECUTABLE} run)
  foreach(option SPAWN TARGET PROFILE WAIVERS)
    string(TOLOWER ${option} word)
    if(ARG_${option})
      list(APPEND command --${word} "${ARG_${option}}")
    endif()
  endforeach()
  if(ARG_REPORT_FOLDER)
    file(MAKE_DIRECTORY ${ARG_REPORT_FOLDER})
    foreach(report json:json junit:xml html:html)
      string(REPLACE ":" ";" report ${report})
      list(GET report 0 format)
      list(GET report 1 extension)
      list(APPEND command --report ${format}:${ARG_REPORT_FOLDER}/${name}.${extension})
    endforeach()
  endif()
  add_test(NAME ${name} COMMAND ${command} ${ARG_ARGS})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS conformance)
endfunction()
