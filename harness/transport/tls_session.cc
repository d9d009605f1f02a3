#include "harness/transport/tls_session.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

namespace smtpspec::transport {

namespace {

bool is_address(const std::string& name) {
  unsigned char octets[sizeof(in6_addr)];
  return inet_pton(AF_INET, name.c_str(), octets) == 1 || inet_pton(AF_INET6, name.c_str(), octets) == 1;
}

std::string subject_of(X509* certificate) {
  std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), BIO_free);
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  char* octets = nullptr;
  const long size = BIO_get_mem_data(text.get(), &octets);
  return std::string(octets, static_cast<std::size_t>(size));
}

bool has_dns_name(X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    if (sk_GENERAL_NAME_value(names.get(), i)->type == GEN_DNS) return true;
  }
  return false;
}

int version_number(int version) {
  switch (version) {
    case TLS1_VERSION:
      return 10;
    case TLS1_1_VERSION:
      return 11;
    case TLS1_2_VERSION:
      return 12;
    case TLS1_3_VERSION:
      return 13;
  }
  return 0;
}

int clamp(std::size_t size) {
  return static_cast<int>(std::min(size, static_cast<std::size_t>(std::numeric_limits<int>::max())));
}

}  // namespace

TlsSession::TlsSession(std::shared_ptr<ClientTls> tls, const std::string& server_name, int descriptor, int only_version)
    : client_(std::move(tls)), server_name_(server_name), ssl_(SSL_new(client_->implementation().context.get())) {
  SSL_set_fd(ssl_.get(), descriptor);
  SSL_set_connect_state(ssl_.get());
  SSL_set_app_data(ssl_.get(), this);
  if (!server_name.empty() && is_address(server_name)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), server_name.c_str());
  } else if (!server_name.empty()) {
    SSL_set_tlsext_host_name(ssl_.get(), server_name.c_str());
    SSL_set1_host(ssl_.get(), server_name.c_str());
  }
  if (only_version != 0) {
    SSL_set_min_proto_version(ssl_.get(), protocol_version(only_version));
    SSL_set_max_proto_version(ssl_.get(), protocol_version(only_version));
    // Before TLS 1.2 a handshake is signed with SHA-1, which the default level of security forbids.
    SSL_set_security_level(ssl_.get(), 0);
    return;  // a ticket would bring its own version
  }
  if (!client_->implementation().policy.is_resuming) return;
  if (auto ticket = client_->implementation().take_ticket(server_name)) SSL_set_session(ssl_.get(), ticket.get());
}

TlsSession::TlsSession(std::shared_ptr<ServerTls> tls, int descriptor)
    : server_(std::move(tls)), ssl_(SSL_new(server_->implementation().context.get())) {
  SSL_set_fd(ssl_.get(), descriptor);
  SSL_set_accept_state(ssl_.get());
}

TlsSession::~TlsSession() {
  // Without this OpenSSL declares the ticket of a session that ended by a plain close to be unusable.
  if (!has_failed_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

TlsSession::Step TlsSession::classify(int result) {
  const int reason = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Step::want_read;
    case SSL_ERROR_WANT_WRITE:
      return Step::want_write;
    case SSL_ERROR_ZERO_RETURN:
      return Step::closed;
    case SSL_ERROR_SYSCALL:
      has_failed_ = true;
      ERR_clear_error();
      if (reason == ECONNRESET || reason == EPIPE) return Step::reset;
      if (reason == 0) return Step::dropped;
      error_ = std::strerror(reason);
      return Step::failed;
    default:
      break;
  }
  has_failed_ = true;
  if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    ERR_clear_error();
    return Step::dropped;
  }
  const int why = ERR_GET_REASON(ERR_peek_error());
  is_own_refusal_ = why == SSL_R_CERTIFICATE_VERIFY_FAILED || why == SSL_R_NO_PROTOCOLS_AVAILABLE ||
                    why == SSL_R_NO_CIPHERS_AVAILABLE;
  error_ = take_ssl_error("TLS failed");
  return Step::failed;
}

TlsSession::Step TlsSession::handshake() {
  ERR_clear_error();
  errno = 0;
  const int result = SSL_do_handshake(ssl_.get());
  return result == 1 ? Step::done : classify(result);
}

TlsSession::Step TlsSession::read(char* buffer, std::size_t size, std::size_t& count) {
  ERR_clear_error();
  errno = 0;
  const int result = SSL_read(ssl_.get(), buffer, clamp(size));
  if (result <= 0) return classify(result);
  count = static_cast<std::size_t>(result);
  return Step::done;
}

TlsSession::Step TlsSession::write(const char* octets, std::size_t size, std::size_t& count) {
  // The record that could not be written would have to be finished first, and never will be.
  if (has_failed_) return Step::dropped;
  ERR_clear_error();
  errno = 0;
  const int result = SSL_write(ssl_.get(), octets, clamp(size));
  if (result <= 0) return classify(result);
  count = static_cast<std::size_t>(result);
  return Step::done;
}

void TlsSession::send_close_notify() {
  if (has_failed_ || !SSL_is_init_finished(ssl_.get())) return;
  if (server_ && server_->implementation().omits_close_notify) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

TlsResult TlsSession::describe() const {
  TlsResult result;
  result.is_ok = true;
  result.version = version_number(SSL_version(ssl_.get()));
  result.version_name = SSL_get_version(ssl_.get());
  result.cipher = SSL_get_cipher_name(ssl_.get());
  result.is_resumed = SSL_session_reused(ssl_.get()) == 1;
  X509* certificate = SSL_get0_peer_certificate(ssl_.get());
  if (!certificate) return result;
  result.peer_subject = subject_of(certificate);
  const long finding = SSL_get_verify_result(ssl_.get());
  result.is_verified = finding == X509_V_OK;
  if (!result.is_verified) result.verify_error = X509_verify_cert_error_string(finding);
  result.is_current = X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0 &&
                      X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
  result.has_dns_name = has_dns_name(certificate);
  return result;
}

}  // namespace smtpspec::transport
