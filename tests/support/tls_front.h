// SPDX-License-Identifier: Apache-2.0
// TLS before a camera that speaks none: every connection is decrypted, remembered and passed on to a port of this machine.
#pragma once

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>

#include <memory>
#include <mutex>
#include <string>

#include "support/connection_server.h"

namespace gapura::tests {

// A key with its certificate: self-signed, or by another one.
class Identity {
 public:
  // `names` as OpenSSL writes them: "IP:127.0.0.1", "DNS:kamera.contoh".
  explicit Identity(const std::string& names, const Identity* authority = nullptr)
      : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    X509_set_version(certificate_, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_), authority == nullptr ? 1 : 2);
    X509_gmtime_adj(X509_getm_notBefore(certificate_), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate_), 86400);
    X509_set_pubkey(certificate_, key_);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(certificate_), "CN", MBSTRING_ASC,
        reinterpret_cast<const unsigned char*>(authority == nullptr ? "Otoritas Contoh" : "Kamera Contoh"), -1, -1, 0);
    const Identity& issuer = authority == nullptr ? *this : *authority;
    X509_set_issuer_name(certificate_, X509_get_subject_name(issuer.certificate_));
    add(NID_basic_constraints, authority == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add(NID_subject_alt_name, names);
    X509_sign(certificate_, issuer.key_, EVP_sha256());
  }
  ~Identity() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  EVP_PKEY* key() const { return key_; }
  X509* certificate() const { return certificate_; }
  std::string fingerprint() const {
    unsigned char hash[32];
    unsigned size = 0;
    X509_digest(certificate_, EVP_sha256(), hash, &size);
    std::string text;
    for (const unsigned char byte : hash) {
      constexpr const char* digits = "0123456789abcdef";
      text += {digits[byte >> 4], digits[byte & 15]};
    }
    return text;
  }
  void write(const std::string& file) const {
    FILE* out = std::fopen(file.c_str(), "w");
    if (out == nullptr) throw std::runtime_error("cannot write " + file);
    PEM_write_X509(out, certificate_);
    std::fclose(out);
  }

 private:
  void add(int id, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
    if (extension == nullptr) throw std::runtime_error("no such extension: " + value);
    X509_add_ext(certificate_, extension, -1);
    X509_EXTENSION_free(extension);
  }
  EVP_PKEY* key_;
  X509* certificate_;
};

// One connection at a time.
class TlsFront {
 public:
  TlsFront(const Identity& identity, int behind)
      : behind_(behind), context_(context_of(identity)), server_(0, [this](int client) { serve(client); }) {}

  int port() const { return server_.port(); }
  int connections() const { return connections_; }  // accepted, whether TLS began or not
  // All that clients said inside of TLS.
  std::string heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
  static Context context_of(const Identity& identity) {
    signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX_use_certificate(context.get(), identity.certificate());
    SSL_CTX_use_PrivateKey(context.get(), identity.key());
    return context;
  }

  void serve(int client) {
    ++connections_;
    const timeval limit{2, 0};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    SSL* ssl = SSL_new(context_.get());
    SSL_set_fd(ssl, client);
    if (SSL_accept(ssl) == 1) pass_on(client, ssl);
    SSL_free(ssl);
  }

  void pass_on(int client, SSL* ssl) {
    const int camera = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(behind_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(camera, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
      while (!server_.stopping() && carry(client, ssl, camera)) {}
    ::close(camera);
  }

  bool carry(int client, SSL* ssl, int camera) {
    char bytes[16384];
    pollfd both[] = {{client, POLLIN, 0}, {camera, POLLIN, 0}};
    if (SSL_pending(ssl) == 0 && poll(both, 2, 20) < 0) return false;
    if (SSL_pending(ssl) > 0 || both[0].revents != 0) {
      const int n = SSL_read(ssl, bytes, sizeof bytes);
      if (n <= 0 || ::send(camera, bytes, static_cast<std::size_t>(n), MSG_NOSIGNAL) != n) return false;
      const std::lock_guard lock(mutex_);
      heard_.append(bytes, static_cast<std::size_t>(n));
    }
    if (both[1].revents == 0) return true;
    const ssize_t n = recv(camera, bytes, sizeof bytes, 0);
    return n > 0 && SSL_write(ssl, bytes, static_cast<int>(n)) == n;
  }

  const int behind_;
  const Context context_;
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  std::string heard_;
  ConnectionServer server_;
};

}  // namespace gapura::tests
