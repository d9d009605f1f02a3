# Included at the end of project() by every preset (CMAKE_PROJECT_INCLUDE), never by a user's own configuration.
# SMTPSPEC_SANITIZE: what to instrument, as -fsanitize= takes it ("address,undefined").
# SMTPSPEC_COVERAGE_GUIDED: add libFuzzer's coverage counters (clang only).
find_program(SMTPSPEC_CCACHE ccache)
if(SMTPSPEC_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SMTPSPEC_CCACHE})
endif()
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

if(SMTPSPEC_SANITIZE)
  add_compile_options(-fsanitize=${SMTPSPEC_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SMTPSPEC_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Clang 14 cannot lower a coroutine that carries the function-type check of UBSan.
    add_compile_options(-fno-sanitize=function)
  else()
    # GCC's flow analysis sees uninitialised values in instrumented code of the standard library that are not there.
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
endif()
if(SMTPSPEC_COVERAGE_GUIDED)
  add_compile_options(-fsanitize=fuzzer-no-link)
  # Sessions and texts are mutated by their grammar or with a dictionary: what is compared with what costs more than it finds.
  add_compile_options(-fno-sanitize-coverage=trace-cmp)
  # Programs of the build that are no fuzz target need a runtime that takes the counters, where no sanitizer brings one.
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
