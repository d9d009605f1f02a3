// One target as a libFuzzer program: SMTPSPEC_FUZZ_TARGET is the function, SMTPSPEC_FUZZ_TYPED says that its input is
// the form of fuzz/mutator/input.h.
#include <cstddef>
#include <cstdint>

#include "fuzz/targets/target.h"

#ifdef SMTPSPEC_FUZZ_TYPED
#include "fuzz/mutator/libfuzzer_hooks.h"
#endif

extern "C" {

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  smtpspec::fuzz::SMTPSPEC_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}

#ifdef SMTPSPEC_FUZZ_TYPED
std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  return smtpspec::fuzz::custom_mutator(data, size, max_size, seed, {});
}

std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size, const std::uint8_t* other,
                                      std::size_t other_size, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  return smtpspec::fuzz::custom_cross_over(one, one_size, other, other_size, out, max_size, seed);
}
#endif

}  // extern "C"
