// One target as a libFuzzer program: SMTPSPEC_FUZZ_TARGET is the function, SMTPSPEC_FUZZ_TYPED says that its input is
// the form of fuzz/mutator/input.h.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>

#include "fuzz/mutator/mutate.h"
#include "fuzz/targets/target.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

#ifdef SMTPSPEC_FUZZ_TYPED
namespace {

std::string_view view(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::size_t give(const std::string& child, std::uint8_t* data, std::size_t max_size) {
  const std::size_t size = std::min(child.size(), max_size);
  std::memcpy(data, child.data(), size);
  return size;
}

void mutate_octets(std::string& octets, std::size_t max_octets, std::uint64_t) {
  const std::size_t size = octets.size();
  octets.resize(std::max(max_octets, size));
  octets.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(octets.data()), size, octets.size()));
}

}  // namespace
#endif

extern "C" {

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  smtpspec::fuzz::SMTPSPEC_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}

#ifdef SMTPSPEC_FUZZ_TYPED
std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  return give(smtpspec::fuzz::mutate_text(view(data, size), max_size, seed, {}, mutate_octets), data, max_size);
}

std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size, const std::uint8_t* other,
                                      std::size_t other_size, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  return give(smtpspec::fuzz::cross_text(view(one, one_size), view(other, other_size), max_size, seed), out, max_size);
}
#endif

}  // extern "C"
