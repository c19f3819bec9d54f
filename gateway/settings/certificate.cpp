// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/certificate.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "gateway/settings/private_file.h"

namespace gapura::gateway {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr std::chrono::days ca_life{3652}, leaf_life{397}, renew_before{30};
constexpr std::chrono::hours backdated{1};  // so that a browser whose clock is a little slow accepts it at once

// Private and local names only. A public name of the site is added explicitly.
const char* const local_names =
    "critical,permitted;DNS:localhost,permitted;DNS:local,permitted;DNS:lan,permitted;DNS:internal,permitted;DNS:home.arpa,"
    "permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:10.0.0.0/255.0.0.0,permitted;IP:172.16.0.0/255.240.0.0,"
    "permitted;IP:192.168.0.0/255.255.0.0,permitted;IP:169.254.0.0/255.255.0.0,"
    "permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,permitted;IP:fc00::/fe00::,permitted;IP:fe80::/ffc0::";

struct Pair {
  Certificate certificate;
  Key key;
};

// The only function that maps OpenSSL's error queue to our errors.
tl::unexpected<Error> openssl_failed(const char* what, ErrorKind kind = ErrorKind::bug) {
  char text[256] = "unknown";
  if (const unsigned long code = ERR_get_error()) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return fail(kind, fmt::format("{}: {}", what, text));
}

// 4 or 16 for an address, 0 for anything else.
int address_size(const std::string& name) {
  unsigned char bytes[16];
  if (inet_pton(AF_INET, name.c_str(), bytes) == 1) return 4;
  return inet_pton(AF_INET6, name.c_str(), bytes) == 1 ? 16 : 0;
}

bool is_dns_name(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), fits) && name.front() != '.' &&
         name.front() != '-';
}

Status check_names(const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (address_size(name) == 0 && !is_dns_name(name))
      return fail(ErrorKind::bad_input, fmt::format("\"{}\" is neither a host name nor an address", name));
  return {};
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string text = "DNS:localhost,IP:127.0.0.1,IP:::1";
  for (const std::string& name : names) text += (address_size(name) > 0 ? ",IP:" : ",DNS:") + name;
  return text;
}

std::string constraints(const std::vector<std::string>& names) {
  std::string text = local_names;
  for (const std::string& name : names) {
    const int size = address_size(name);
    const char* mask = size == 4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    text += size == 0 ? ",permitted;DNS:" + name : fmt::format(",permitted;IP:{}/{}", name, mask);
  }
  return text;
}

bool add(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);  // positive, and never shortened
  BIGNUM* number = BN_bin2bn(bytes, sizeof bytes, nullptr);
  const bool done = number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return done;
}

bool set_times(X509* certificate, UtcTime now, std::chrono::days life) {
  const std::time_t begin = std::chrono::system_clock::to_time_t(now - backdated);
  const std::time_t end = begin + std::chrono::duration_cast<std::chrono::seconds>(life).count() - 1;  // inclusive
  return ASN1_TIME_set(X509_getm_notBefore(certificate), begin) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), end) != nullptr;
}

bool set_subject(X509* certificate, const std::string& name) {
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "O", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>("Gapura"), -1, -1, 0) == 1 &&
         X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0) == 1;
}

Result<Pair> begin_pair(const std::string& subject, UtcTime now, std::chrono::days life) {
  Pair pair{Certificate(X509_new()), Key(EVP_EC_gen("P-256"))};
  if (!pair.certificate || !pair.key) return openssl_failed("cannot make a key");
  X509* certificate = pair.certificate.get();
  if (X509_set_version(certificate, X509_VERSION_3) != 1 || !set_serial(certificate) ||
      !set_times(certificate, now, life) || !set_subject(certificate, subject.substr(0, 64)) ||
      X509_set_pubkey(certificate, pair.key.get()) != 1)
    return openssl_failed("cannot begin a certificate");
  return pair;
}

Result<Pair> make_ca(const std::string& site_id, const std::vector<std::string>& names, UtcTime now) {
  // The year distinguishes two authorities of one site in a phone's list.
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(now));
  auto pair = TRY(begin_pair(fmt::format("{} CA {}", site_id, static_cast<int>(day.year())), now, ca_life));
  X509* ca = pair.certificate.get();
  if (X509_set_issuer_name(ca, X509_get_subject_name(ca)) != 1 ||
      !add(ca, ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !add(ca, ca, NID_key_usage, "critical,keyCertSign,cRLSign") || !add(ca, ca, NID_ext_key_usage, "serverAuth") ||
      !add(ca, ca, NID_name_constraints, constraints(names)) || !add(ca, ca, NID_subject_key_identifier, "hash") ||
      X509_sign(ca, pair.key.get(), EVP_sha256()) == 0)
    return openssl_failed("cannot make the site's CA");
  return pair;
}

Result<Pair> make_leaf(const Pair& ca, const std::string& site_id, const std::vector<std::string>& names, UtcTime now) {
  auto pair = TRY(begin_pair(site_id, now, leaf_life));
  X509* leaf = pair.certificate.get();
  X509* issuer = ca.certificate.get();
  if (X509_set_issuer_name(leaf, X509_get_subject_name(issuer)) != 1 ||
      !add(leaf, issuer, NID_basic_constraints, "critical,CA:FALSE") ||
      !add(leaf, issuer, NID_key_usage, "critical,digitalSignature") ||
      !add(leaf, issuer, NID_ext_key_usage, "serverAuth") ||
      !add(leaf, issuer, NID_subject_alt_name, alternative_names(names)) ||
      !add(leaf, issuer, NID_subject_key_identifier, "hash") ||
      !add(leaf, issuer, NID_authority_key_identifier, "keyid:always") || X509_sign(leaf, ca.key.get(), EVP_sha256()) == 0)
    return openssl_failed("cannot make the server's certificate");
  return pair;
}

// Verifies as a browser does. A name that the CA's constraints exclude is found here, before anything is written.
Status check_chain(const Pair& ca, const Pair& leaf, UtcTime now) {
  const std::unique_ptr<X509_STORE, Freed<X509_STORE_free>> store(X509_STORE_new());
  const std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  if (!store || !context || X509_STORE_add_cert(store.get(), ca.certificate.get()) != 1 ||
      X509_STORE_CTX_init(context.get(), store.get(), leaf.certificate.get(), nullptr) != 1)
    return openssl_failed("cannot verify the server's certificate");
  X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(now));
  if (X509_verify_cert(context.get()) == 1) return {};
  const char* why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
  ERR_clear_error();
  return fail(
      ErrorKind::bad_input,
      fmt::format("the site's CA may not sign this certificate ({}). Names outside of private addresses and local domains "
                  "must be given when the CA is made: gapura init DIR --new-certificates --name NAME",
                  why));
}

std::string to_pem(const Pair& pair, bool key) {
  const Memory memory(BIO_new(BIO_s_secmem()));
  if (!memory) return "";
  const bool done = key ? PEM_write_bio_PrivateKey(memory.get(), pair.key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1
                        : PEM_write_bio_X509(memory.get(), pair.certificate.get()) == 1;
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return done && size > 0 ? std::string(data, static_cast<std::size_t>(size)) : "";
}

Status save(const Pair& pair, const std::string& certificate, const std::string& key) {
  const std::string certificate_pem = to_pem(pair, false), key_pem = to_pem(pair, true);
  if (certificate_pem.empty() || key_pem.empty()) return openssl_failed("cannot write a certificate");
  TRY(write_file(key, key_pem, 0400));
  return write_file(certificate, certificate_pem, 0444);
}

Result<Certificate> load_certificate(const std::string& file) {
  const auto pem = TRY(read_small_file(file));
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Certificate certificate(memory ? PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!certificate) return openssl_failed(("no certificate in " + file).c_str(), ErrorKind::bad_input);
  return certificate;
}

Result<Pair> load_pair(const std::string& certificate_file, const std::string& key_file) {
  auto certificate = TRY(load_certificate(certificate_file));
  const auto pem = TRY(read_small_file(key_file));
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Pair pair{std::move(certificate),
            Key(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr) : nullptr)};
  if (!pair.key || X509_check_private_key(pair.certificate.get(), pair.key.get()) != 1)
    return openssl_failed(("the key in " + key_file + " does not fit").c_str(), ErrorKind::bad_input);
  return pair;
}

UtcTime to_utc(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::floor<Millis>(std::chrono::system_clock::from_time_t(timegm(&parts)));
}

std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>> list(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; list && i < sk_GENERAL_NAME_num(list.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(list.get(), i);
    const ASN1_STRING* bytes = name->type == GEN_DNS     ? name->d.dNSName
                               : name->type == GEN_IPADD ? name->d.iPAddress
                                                         : nullptr;
    if (bytes == nullptr) continue;
    const int size = ASN1_STRING_length(bytes);
    char text[INET6_ADDRSTRLEN] = "";
    if (name->type == GEN_DNS)
      names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(bytes)), static_cast<std::size_t>(size));
    else if ((size == 4 || size == 16) &&
             inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(bytes), text, sizeof text))
      names.emplace_back(text);
  }
  return names;
}

// As inet_ntop writes it, so that "::0001" and "::1" are one address.
std::string canonical(const std::string& name) {
  unsigned char bytes[16];
  char text[INET6_ADDRSTRLEN];
  const int size = address_size(name);
  if (size == 0) return name;
  inet_pton(size == 4 ? AF_INET : AF_INET6, name.c_str(), bytes);
  return inet_ntop(size == 4 ? AF_INET : AF_INET6, bytes, text, sizeof text) == nullptr ? name : text;
}

bool is_due(const std::string& tls, const std::vector<std::string>& names, UtcTime now) {
  if (!load_pair(tls + "/cert.pem", tls + "/key.pem")) return true;
  const auto facts = read_certificate(tls + "/cert.pem");
  if (!facts || facts->not_after - renew_before < now || facts->not_before > now) return true;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::find(facts->names.begin(), facts->names.end(), canonical(name)) == facts->names.end();
  });
}

}  // namespace

Status make_site_certificates(const std::string& folder, const std::string& site_id, const std::vector<std::string>& names,
                              UtcTime now) {
  const std::string tls = folder + "/tls";
  TRY(check_names(names));
  TRY(make_private_folder(tls));
  const auto ca = TRY(make_ca(site_id, names, now));
  const auto leaf = TRY(make_leaf(ca, site_id, names, now));
  TRY(check_chain(ca, leaf, now));
  TRY(save(ca, tls + "/ca.pem", tls + "/ca-key.pem"));
  return save(leaf, tls + "/cert.pem", tls + "/key.pem");
}

Result<bool> renew_leaf_if_due(const std::string& folder, const std::string& site_id, const std::vector<std::string>& names,
                               UtcTime now) {
  const std::string tls = folder + "/tls";
  TRY(check_names(names));
  if (!is_due(tls, names, now)) return false;
  const auto ca = TRY(load_pair(tls + "/ca.pem", tls + "/ca-key.pem"));
  const auto leaf = TRY(make_leaf(ca, site_id, names, now));
  TRY(check_chain(ca, leaf, now));
  TRY(save(leaf, tls + "/cert.pem", tls + "/key.pem"));
  return true;
}

Result<CertificateFacts> read_certificate(const std::string& file) {
  const auto certificate = TRY(load_certificate(file));
  CertificateFacts facts;
  facts.not_before = to_utc(X509_get0_notBefore(certificate.get()));
  facts.not_after = to_utc(X509_get0_notAfter(certificate.get()));
  facts.names = names_of(certificate.get());
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  X509_digest(certificate.get(), EVP_sha256(), hash, &size);
  for (unsigned int i = 0; i < size; ++i) facts.fingerprint += fmt::format("{}{:02X}", i == 0 ? "" : ":", hash[i]);
  return facts;
}

}  // namespace gapura::gateway
