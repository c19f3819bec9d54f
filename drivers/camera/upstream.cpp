// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/upstream.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "drivers/tcp.h"
#include "models/base/sha256.h"

namespace gapura::drivers {
namespace {

class Plain final : public Upstream {
 public:
  explicit Plain(Descriptor socket) : socket_(std::move(socket)) {}
  int descriptor() const override { return socket_.get(); }
  std::optional<std::size_t> read(std::span<std::uint8_t> room) override {
    return outcome(recv(socket_.get(), room.data(), room.size(), 0));
  }
  std::optional<std::size_t> write(std::span<const std::uint8_t> bytes) override {
    return outcome(send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }

 private:
  static std::optional<std::size_t> outcome(ssize_t n) {
    if (n >= 0) return static_cast<std::size_t>(n);
    return errno == EAGAIN || errno == EINTR ? std::nullopt : std::optional<std::size_t>(0);
  }
  Descriptor socket_;
};

struct ContextDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
struct CertificateDeleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::string fingerprint_of(SSL* ssl) {
  const std::unique_ptr<X509, CertificateDeleter> certificate(SSL_get1_peer_certificate(ssl));
  Hash hash{};
  unsigned size = 0;
  if (!certificate || X509_digest(certificate.get(), EVP_sha256(), hash.data(), &size) != 1) return "";
  return to_hex(as_bytes(hash));
}

class Tls final : public Upstream {
 public:
  explicit Tls(Descriptor socket) : socket_(std::move(socket)) {}

  Status begin(const SourceAddress& address, const TlsTrust& tls, SteadyTime end) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (!context_) return fail(ErrorKind::bug, "out of memory");
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    const bool by_authority = tls.verify && tls.fingerprint.empty();
    if (by_authority) {
      const bool loaded = tls.ca_file.empty()
                              ? SSL_CTX_set_default_verify_paths(context_.get()) == 1
                              : SSL_CTX_load_verify_locations(context_.get(), tls.ca_file.c_str(), nullptr) == 1;
      if (!loaded) return fail(ErrorKind::bad_input, fmt::format("no certificate can be read from {}", tls.ca_file));
    }
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_verify(ssl_.get(), by_authority ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    if (by_authority) {
      if (is_ip_address(address.host))
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), address.host.c_str());
      else
        SSL_set1_host(ssl_.get(), address.host.c_str());
    }
    if (!is_ip_address(address.host)) SSL_set_tlsext_host_name(ssl_.get(), address.host.c_str());
    SSL_set_fd(ssl_.get(), socket_.get());
    TRY(shake_hands(end));
    if (!tls.verify || tls.fingerprint.empty()) return {};
    const std::string shown = fingerprint_of(ssl_.get());
    if (shown == tls.fingerprint) return {};
    return fail(ErrorKind::conflict,
                fmt::format("its certificate is another one than tls_fingerprint says; it has {}", shown));
  }

  int descriptor() const override { return socket_.get(); }
  bool holds_bytes() const override { return SSL_pending(ssl_.get()) > 0; }
  std::optional<std::size_t> read(std::span<std::uint8_t> room) override {
    ERR_clear_error();
    return outcome(SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size())));
  }
  std::optional<std::size_t> write(std::span<const std::uint8_t> bytes) override {
    ERR_clear_error();
    return outcome(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())));
  }

 private:
  Status shake_hands(SteadyTime end) {
    for (;;) {
      ERR_clear_error();
      const int code = SSL_connect(ssl_.get());
      if (code == 1) return {};
      const int why = SSL_get_error(ssl_.get(), code);
      if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
        if (wait_for(socket_.get(), why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, end)) continue;
        return fail(ErrorKind::timed_out, "no TLS in time");
      }
      if (const long verdict = SSL_get_verify_result(ssl_.get()); verdict != X509_V_OK)
        return fail(ErrorKind::conflict, fmt::format("its certificate is not trusted ({}); name its CA as tls_ca or its "
                                                     "SHA-256 as tls_fingerprint",
                                                     X509_verify_cert_error_string(verdict)));
      return fail(ErrorKind::unavailable, "it does not speak TLS 1.2 or 1.3");
    }
  }

  std::optional<std::size_t> outcome(int code) {
    if (code > 0) return static_cast<std::size_t>(code);
    const int why = SSL_get_error(ssl_.get(), code);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? std::nullopt : std::optional<std::size_t>(0);
  }

  Descriptor socket_;
  std::unique_ptr<SSL_CTX, ContextDeleter> context_;
  std::unique_ptr<SSL, SslDeleter> ssl_;
};

}  // namespace

Result<std::unique_ptr<Upstream>> Upstream::connect(const SourceAddress& address, const TlsTrust& tls, Millis limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  auto socket = TRY(connect_tcp(address.host, address.port, end));
  if (!address.tls) return std::make_unique<Plain>(std::move(socket));
  auto secured = std::make_unique<Tls>(std::move(socket));
  TRY(secured->begin(address, tls, end));
  return secured;
}

}  // namespace gapura::drivers
