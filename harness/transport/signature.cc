#include "harness/transport/signature.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <climits>
#include <memory>

#include "harness/transport/digest.h"

namespace smtpspec::transport {
namespace {

using base::make_unexpected;
using base::Result;

constexpr std::size_t kSignatureOctets = 64;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;

// A key that wants a passphrase is refused: nobody is there to type it.
int no_passphrase(char*, int, int, void*) { return -1; }

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Result<Key, std::string> read_key(std::string_view pem, bool is_private) {
  if (pem.size() > INT_MAX) return make_unexpected(std::string("the key is too large"));
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(is_private ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr)
                     : PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr));
  const std::string kind = is_private ? "private" : "public";
  if (!key) return make_unexpected("it is no unencrypted " + kind + " key in PEM");
  if (EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519) return make_unexpected("it is no Ed25519 key");
  return key;
}

Result<std::string, std::string> id_of(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key, &der);
  if (length <= 0) return make_unexpected(std::string("it has no public part"));
  std::string id = sha256_hex({reinterpret_cast<const char*>(der), static_cast<std::size_t>(length)});
  OPENSSL_free(der);
  return id;
}

}  // namespace

Result<Signature, std::string> sign_ed25519(std::string_view private_key_pem, std::string_view octets) {
  const auto key = read_key(private_key_pem, true);
  if (!key) return make_unexpected(key.error());
  auto id = id_of(key->get());
  if (!id) return make_unexpected(id.error());
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  std::array<unsigned char, kSignatureOctets> signature{};
  std::size_t length = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key->get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &length, bytes(octets), octets.size()) != 1)
    return make_unexpected(std::string("OpenSSL could not sign with it"));
  return Signature{std::string(reinterpret_cast<const char*>(signature.data()), length), *std::move(id)};
}

Result<bool, std::string> verify_ed25519(std::string_view public_key_pem, std::string_view octets,
                                         std::string_view signature) {
  const auto key = read_key(public_key_pem, false);
  if (!key) return make_unexpected(key.error());
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key->get()) != 1)
    return make_unexpected(std::string("OpenSSL could not verify with it"));
  return EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(octets), octets.size()) == 1;
}

Result<std::string, std::string> key_id(std::string_view public_key_pem) {
  const auto key = read_key(public_key_pem, false);
  if (!key) return make_unexpected(key.error());
  return id_of(key->get());
}

}  // namespace smtpspec::transport
