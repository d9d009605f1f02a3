# smtpspec_test(NAME SOURCES ... ROOMS ... [LIBRARIES ...]): one GoogleTest program, each case its own ctest.
find_package(GTest REQUIRED)
include(GoogleTest)

function(smtpspec_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  set(target test_${name})
  add_executable(${target} ${ARG_SOURCES})
  list(TRANSFORM ARG_ROOMS PREPEND smtpspec_)
  target_link_libraries(${target} PRIVATE smtpspec_warnings ${ARG_ROOMS} ${ARG_LIBRARIES} GTest::gmock_main)
  # What is optimised is what they test; of their own they have the compiler's time to save.
  target_compile_options(${target} PRIVATE -O0)
  target_compile_definitions(${target} PRIVATE SMTPSPEC_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()
