// reports/attestation.h, which `smtpspec verify` reads from strangers: an envelope that is taken is octet for octet the
// one that would be written, and a statement's subjects are complete.
#include <string>

#include "fuzz/targets/target.h"
#include "reports/attestation.h"

namespace smtpspec::fuzz {

void fuzz_attestation(std::string_view octets) {
  if (const auto envelope = reports::read_envelope(octets)) {
    promise(reports::write_envelope(*envelope) == octets, "in an envelope that is taken nothing can be changed");
  } else {
    promise(!envelope.error().empty(), "an envelope that is refused is told why");
  }
  const reports::Envelope envelope{std::string(octets), "key", std::string(octets)};
  const auto again = reports::read_envelope(reports::write_envelope(envelope));
  promise(again.has_value() && *again == envelope, "any payload can be sealed");

  if (const auto subjects = reports::read_subjects(octets)) {
    for (const reports::Subject& subject : *subjects) promise(!subject.name.empty(), "a subject has a name");
  } else {
    promise(!subjects.error().empty(), "a statement that is refused is told why");
  }
  const std::string encoded = reports::pre_authentication_encoding(octets);
  promise(std::string_view(encoded).ends_with(octets), "what is signed holds the whole payload");
}

}  // namespace smtpspec::fuzz
