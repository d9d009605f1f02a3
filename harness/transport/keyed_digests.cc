#include "harness/transport/keyed_digests.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace smtpspec::transport {
namespace {

const EVP_MD* of(base::DigestKind kind) {
  if (kind == base::DigestKind::md5) return EVP_md5();
  return kind == base::DigestKind::sha1 ? EVP_sha1() : EVP_sha256();
}

const unsigned char* octets_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

class OpenSslDigests final : public base::KeyedDigests {
 public:
  std::string digest(base::DigestKind kind, std::string_view octets) const override {
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(out.data()), &size, of(kind), nullptr);
    out.resize(size);
    return out;
  }
  std::string hmac(base::DigestKind kind, std::string_view key, std::string_view octets) const override {
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    HMAC(of(kind), key.data(), static_cast<int>(key.size()), octets_of(octets), octets.size(),
         reinterpret_cast<unsigned char*>(out.data()), &size);
    out.resize(size);
    return out;
  }
  std::string pbkdf2(base::DigestKind kind, std::string_view password, std::string_view salt,
                     std::uint32_t iterations) const override {
    std::string out(static_cast<std::size_t>(EVP_MD_get_size(of(kind))), '\0');
    PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), octets_of(salt),
                      static_cast<int>(salt.size()), static_cast<int>(iterations), of(kind),
                      static_cast<int>(out.size()), reinterpret_cast<unsigned char*>(out.data()));
    return out;
  }
};

}  // namespace

const base::KeyedDigests& keyed_digests() {
  static const OpenSslDigests digests;
  return digests;
}

}  // namespace smtpspec::transport
