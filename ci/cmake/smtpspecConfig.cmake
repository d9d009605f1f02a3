# find_package(smtpspec) gives smtpspec_EXECUTABLE, smtpspec_COVERAGE_SOURCE (coverage.c, which an instrumented server is
# linked with so that smtpspec fuzz sees its edges; it says how) and
#
#   smtpspec_add_conformance_test(NAME
#     SPAWN 'COMMAND with {port} and {maildir}' | TARGET HOST:PORT | PROFILE FILE
#     [ARGS OPTION...] [WAIVERS FILE] [REPORT_FOLDER FOLDER] [TIMEOUT SECONDS])
#
# A CTest test that runs the suite against the server: passed when the gate is met (exit code 0). SPAWN may hold generator
# expressions, $<TARGET_FILE:mymta> above all. With REPORT_FOLDER it leaves NAME.json, NAME.xml (JUnit) and NAME.html there.
#
#   smtpspec_add_fuzz_target(NAME
#     SOURCES FILE... [LIBRARIES TARGET...] [SEEDS FOLDER...] [SANITIZE LIST] [SECONDS N])
#
# A libFuzzer program over your own session or parsers, with our mutator, dictionary, seeds and oracles; <smtpspec/fuzz.h>
# says what your sources define. List the sources of your parsers as well: what is not compiled here is not instrumented.
# And a CTest test of that name, labelled fuzz, which runs it for N seconds (10); what it learns is kept in NAME.corpus of
# the build tree, what it finds in NAME.findings. SANITIZE is "address,undefined" where nothing else is said. Needs Clang;
# with another compiler the program plays the seeds and the files that it is given.
find_program(smtpspec_EXECUTABLE smtpspec HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin
             ${CMAKE_CURRENT_LIST_DIR}/../../../../bin)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(smtpspec REQUIRED_VARS smtpspec_EXECUTABLE)

get_filename_component(smtpspec_LIBRARY_FOLDER ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
find_library(smtpspec_FUZZ_LIBRARY smtpspec_fuzz HINTS ${smtpspec_LIBRARY_FOLDER} NO_DEFAULT_PATH)
find_path(smtpspec_INCLUDE_DIR smtpspec/fuzz.h HINTS ${smtpspec_LIBRARY_FOLDER}/../include
          ${smtpspec_LIBRARY_FOLDER}/../../include NO_DEFAULT_PATH)
find_path(smtpspec_FUZZ_FOLDER smtp.dict HINTS ${smtpspec_LIBRARY_FOLDER}/../share/smtpspec/fuzz
          ${smtpspec_LIBRARY_FOLDER}/../../share/smtpspec/fuzz NO_DEFAULT_PATH)
mark_as_advanced(smtpspec_FUZZ_LIBRARY smtpspec_INCLUDE_DIR smtpspec_FUZZ_FOLDER)
if(smtpspec_FUZZ_FOLDER)
  set(smtpspec_COVERAGE_SOURCE ${smtpspec_FUZZ_FOLDER}/coverage.c)
endif()
if(smtpspec_FUZZ_LIBRARY AND smtpspec_INCLUDE_DIR AND NOT TARGET smtpspec::fuzz)
  add_library(smtpspec::fuzz STATIC IMPORTED)
  set_target_properties(smtpspec::fuzz PROPERTIES
    IMPORTED_LOCATION ${smtpspec_FUZZ_LIBRARY}
    IMPORTED_LINK_INTERFACE_LANGUAGES CXX
    INTERFACE_INCLUDE_DIRECTORIES ${smtpspec_INCLUDE_DIR})
endif()

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

function(smtpspec_add_fuzz_target name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "SANITIZE;SECONDS" "SOURCES;LIBRARIES;SEEDS")
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES)
    message(FATAL_ERROR "smtpspec_add_fuzz_target(${name}): SOURCES has to name files; unknown: '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT TARGET smtpspec::fuzz OR NOT smtpspec_FUZZ_FOLDER)
    message(FATAL_ERROR "smtpspec_add_fuzz_target(${name}): libsmtpspec_fuzz is not beside ${CMAKE_CURRENT_FUNCTION_LIST_DIR}")
  endif()
  if(NOT ARG_SANITIZE)
    set(ARG_SANITIZE address,undefined)
  endif()
  if(NOT ARG_SECONDS)
    set(ARG_SECONDS 10)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} smtpspec::fuzz)
  target_compile_options(${name} PRIVATE -g -fno-omit-frame-pointer -fsanitize=${ARG_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(${name} PRIVATE -fsanitize=${ARG_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  endif()
  set(corpus ${CMAKE_CURRENT_BINARY_DIR}/${name}.corpus)
  set(findings ${CMAKE_CURRENT_BINARY_DIR}/${name}.findings)
  file(MAKE_DIRECTORY ${corpus} ${findings})
  add_test(NAME ${name}
           COMMAND ${name} -max_total_time=${ARG_SECONDS} -max_len=8192 -timeout=10 -dict=${smtpspec_FUZZ_FOLDER}/smtp.dict
                   -artifact_prefix=${findings}/ ${corpus} ${ARG_SEEDS} ${smtpspec_FUZZ_FOLDER}/seeds)
  math(EXPR timeout "${ARG_SECONDS} + 300")
  set_tests_properties(${name} PROPERTIES TIMEOUT ${timeout} LABELS fuzz)
endfunction()
