#include "harness/transport/tls_policy.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <utility>

#include "harness/transport/tls_session.h"

namespace smtpspec::transport {

namespace {

constexpr std::size_t kMaxTickets = 64;
constexpr long kDay = 24L * 60 * 60;  // seconds
constexpr long kCertificateDays = 30;

// What both sides share. RELEASE_BUFFERS: an idle session keeps no record buffers.
SslContextPointer make_context(const SSL_METHOD* method) {
  SslContextPointer context(SSL_CTX_new(method));
  if (context)
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

bool add_alternative_names(X509* certificate, const std::vector<std::string>& names) {
  std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> list(GENERAL_NAMES_new(), GENERAL_NAMES_free);
  for (const std::string& name : names) {
    ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str());
    GENERAL_NAME* entry = GENERAL_NAME_new();
    if (address) {
      GENERAL_NAME_set0_value(entry, GEN_IPADD, address);
    } else {
      ASN1_IA5STRING* text = ASN1_IA5STRING_new();
      ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()));
      GENERAL_NAME_set0_value(entry, GEN_DNS, text);
    }
    sk_GENERAL_NAME_push(list.get(), entry);
  }
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Certificate sign_certificate(EVP_PKEY* key, const std::vector<std::string>& names, const TlsFaults& faults) {
  Certificate certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  unsigned char serial[8];
  RAND_bytes(serial, sizeof serial);
  serial[0] &= 0x7f;
  std::unique_ptr<BIGNUM, decltype(&BN_free)> number(BN_bin2bn(serial, sizeof serial, nullptr), BN_free);
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
  const long age = faults.is_expired ? kCertificateDays + 2 : 1;  // days; the peer's clock may be behind
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -age * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), (kCertificateDays + 1 - age) * kDay);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(names.front().c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_set_pubkey(certificate.get(), key);
  if (!faults.has_no_names && !add_alternative_names(certificate.get(), names)) return Certificate(nullptr, X509_free);
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) return Certificate(nullptr, X509_free);
  return certificate;
}

}  // namespace

int protocol_version(int version) {
  switch (version) {
    case 10:
      return TLS1_VERSION;
    case 11:
      return TLS1_1_VERSION;
    case 12:
      return TLS1_2_VERSION;
    case 13:
      return TLS1_3_VERSION;
  }
  return -1;
}

std::string take_ssl_error(const std::string& otherwise) {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return otherwise;
  if (const char* reason = ERR_reason_error_string(code)) return reason;
  return otherwise + " (OpenSSL error " + std::to_string(code) + ")";
}

void ClientTls::Implementation::keep_ticket(const std::string& server_name, SslTicketPointer ticket) {
  if (tickets.size() >= kMaxTickets) tickets.erase(tickets.begin());
  tickets.emplace_back(server_name, std::move(ticket));
}

SslTicketPointer ClientTls::Implementation::take_ticket(const std::string& server_name) {
  const auto found =
      std::find_if(tickets.rbegin(), tickets.rend(), [&](const auto& entry) { return entry.first == server_name; });
  if (found == tickets.rend()) return nullptr;
  if (SSL_SESSION_get_protocol_version(found->second.get()) < TLS1_3_VERSION) {
    SSL_SESSION_up_ref(found->second.get());
    return SslTicketPointer(found->second.get());
  }
  SslTicketPointer ticket = std::move(found->second);
  tickets.erase(std::next(found).base());
  return ticket;
}

int TlsSession::keep_ticket(SSL* ssl, SSL_SESSION* ticket) {
  auto* session = static_cast<TlsSession*>(SSL_get_app_data(ssl));
  session->client_->implementation().keep_ticket(session->server_name_, SslTicketPointer(ticket));
  return 1;  // the ticket is ours now
}

base::Result<std::shared_ptr<ClientTls>, std::string> ClientTls::make(const TlsPolicy& policy) {
  auto implementation = std::make_unique<Implementation>();
  implementation->policy = policy;
  implementation->context = make_context(TLS_client_method());
  SSL_CTX* context = implementation->context.get();
  if (!context) return base::make_unexpected(take_ssl_error("no TLS context"));
  if (protocol_version(policy.min_version) < 0 || protocol_version(policy.max_version) < 0)
    return base::make_unexpected(std::string("a TLS version must be 10, 11, 12 or 13"));
  SSL_CTX_set_min_proto_version(context, protocol_version(policy.min_version));
  SSL_CTX_set_max_proto_version(context, protocol_version(policy.max_version));
  // An SMTP tester has no business to refuse a weak key that the owner chose, unless it was asked to verify.
  if (!policy.must_verify) SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0");
  SSL_CTX_set_verify(context, policy.must_verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  // The folder is looked into when a certificate needs it; reading the system's one big file takes 40 ms.
  if (policy.ca_file.empty() && !policy.must_verify) SSL_CTX_load_verify_dir(context, X509_get_default_cert_dir());
  else if (policy.ca_file.empty()) SSL_CTX_set_default_verify_paths(context);
  else if (SSL_CTX_load_verify_file(context, policy.ca_file.c_str()) != 1)
    return base::make_unexpected("cannot read certificates from '" + policy.ca_file +
                                 "': " + take_ssl_error("not a PEM file"));
  if (policy.is_resuming) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, TlsSession::keep_ticket);
  }
  return std::make_shared<ClientTls>(std::move(implementation));
}

ClientTls::ClientTls(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
ClientTls::~ClientTls() = default;

base::Result<std::shared_ptr<ServerTls>, std::string> ServerTls::make_self_signed(const std::vector<std::string>& names,
                                                                                  const TlsFaults& faults) {
  if (names.empty() || names.front().empty())
    return base::make_unexpected(std::string("a certificate needs at least one name"));
  Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  if (!key) return base::make_unexpected(take_ssl_error("no P-256 key"));
  const Certificate certificate = sign_certificate(key.get(), names, faults);
  auto implementation = std::make_unique<Implementation>();
  implementation->context = make_context(TLS_server_method());
  SSL_CTX* context = implementation->context.get();
  if (!certificate || !context || SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    return base::make_unexpected(take_ssl_error("no certificate"));
  implementation->omits_close_notify = faults.omits_close_notify;
  auto made = std::make_shared<ServerTls>(std::move(implementation));
  if (faults.min_version < 12) {
    SSL_CTX_set_security_level(context, 0);  // the signatures of these versions are too weak for any other
    SSL_CTX_set_min_proto_version(context, protocol_version(faults.min_version));
  }
  return made;
}

base::Result<std::shared_ptr<ServerTls>, std::string> ServerTls::load(const std::string& certificate_file,
                                                                      const std::string& key_file) {
  auto implementation = std::make_unique<Implementation>();
  implementation->context = make_context(TLS_server_method());
  SSL_CTX* context = implementation->context.get();
  if (!context) return base::make_unexpected(take_ssl_error("no TLS context"));
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1)
    return base::make_unexpected("cannot read a certificate from '" + certificate_file +
                                 "': " + take_ssl_error("not a PEM file"));
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return base::make_unexpected("cannot read the key of the certificate from '" + key_file +
                                 "': " + take_ssl_error("not a PEM file"));
  return std::make_shared<ServerTls>(std::move(implementation));
}

ServerTls::ServerTls(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {
  SSL_CTX* context = implementation_->context.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets hold everything
  const unsigned char id[] = "smtpspec";
  SSL_CTX_set_session_id_context(context, id, sizeof id - 1);
}
ServerTls::~ServerTls() = default;

std::string ServerTls::certificate_pem() const {
  std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_X509(text.get(), SSL_CTX_get0_certificate(implementation_->context.get()));
  char* octets = nullptr;
  const long size = BIO_get_mem_data(text.get(), &octets);
  return std::string(octets, static_cast<std::size_t>(size));
}

void warm_up_tls() {
  (void)ClientTls::make({});
  (void)ServerTls::make_self_signed({"localhost"});
}

}  // namespace smtpspec::transport
