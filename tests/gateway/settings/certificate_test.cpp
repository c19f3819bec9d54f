// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <memory>

#include "gateway/settings/private_file.h"
#include "gateway/settings/setup_code.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;
using std::chrono::days;

namespace {

const UtcTime today = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate load(const std::string& file) {
  std::FILE* stream = std::fopen(file.c_str(), "r");
  REQUIRE(stream != nullptr);
  Certificate certificate(PEM_read_X509(stream, nullptr, nullptr, nullptr), &X509_free);
  std::fclose(stream);
  REQUIRE(certificate);
  return certificate;
}

// What a browser that trusts the site's CA says of the server's certificate for `host`.
int verify(const tests::TemporaryFolder& folder, UtcTime when, const char* host = nullptr, const char* address = nullptr) {
  const Certificate ca = load(folder.path() + "/tls/ca.pem"), leaf = load(folder.path() + "/tls/cert.pem");
  std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(), &X509_STORE_free);
  X509_STORE_add_cert(store.get(), ca.get());
  std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(X509_STORE_CTX_new(), &X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_time(param, std::chrono::system_clock::to_time_t(when));
  if (host != nullptr) X509_VERIFY_PARAM_set1_host(param, host, 0);
  if (address != nullptr) X509_VERIFY_PARAM_set1_ip_asc(param, address);
  return X509_verify_cert(context.get()) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context.get());
}

int mode_of(const std::string& file) {
  struct stat facts {};
  REQUIRE(stat(file.c_str(), &facts) == 0);
  return static_cast<int>(facts.st_mode & 0777);
}

}  // namespace

TEST_CASE("the site's certificate verifies for localhost and the given names, and for nothing else") {
  const tests::TemporaryFolder folder;
  REQUIRE(make_site_certificates(folder.path(), "demo", {"gapura.kantor.go.id", "192.168.10.5", "203.0.113.9"}, today));
  CHECK(verify(folder, today, "localhost") == X509_V_OK);
  CHECK(verify(folder, today, "gapura.kantor.go.id") == X509_V_OK);
  CHECK(verify(folder, today, nullptr, "127.0.0.1") == X509_V_OK);
  CHECK(verify(folder, today, nullptr, "::1") == X509_V_OK);
  CHECK(verify(folder, today, nullptr, "192.168.10.5") == X509_V_OK);
  CHECK(verify(folder, today, nullptr, "203.0.113.9") == X509_V_OK);
  CHECK(verify(folder, today, "example.com") == X509_V_ERR_HOSTNAME_MISMATCH);
  CHECK(verify(folder, today, nullptr, "192.168.10.6") == X509_V_ERR_IP_ADDRESS_MISMATCH);
}

TEST_CASE("the server's certificate lives 397 days at most, the CA ten years") {
  const tests::TemporaryFolder folder;
  REQUIRE(make_site_certificates(folder.path(), "demo", {}, today));
  const auto leaf = read_certificate(folder.path() + "/tls/cert.pem"), ca = read_certificate(folder.path() + "/tls/ca.pem");
  REQUIRE(leaf);
  REQUIRE(ca);
  CHECK(leaf->not_after - leaf->not_before < days(397));
  CHECK(leaf->not_after - leaf->not_before > days(396));
  CHECK(ca->not_after - today > days(3649));
  CHECK(ca->fingerprint.size() == 32 * 3 - 1);
  CHECK(leaf->names == std::vector<std::string>{"localhost", "127.0.0.1", "::1"});
  CHECK(verify(folder, today + days(395)) == X509_V_OK);
  CHECK(verify(folder, today + days(398)) == X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_CASE("the CA may sign only for this site, and its constraints are critical") {
  const tests::TemporaryFolder folder;
  REQUIRE(make_site_certificates(folder.path(), "demo", {}, today));
  const Certificate ca = load(folder.path() + "/tls/ca.pem");
  int critical = 0;
  std::unique_ptr<NAME_CONSTRAINTS, decltype(&NAME_CONSTRAINTS_free)> found(
      static_cast<NAME_CONSTRAINTS*>(X509_get_ext_d2i(ca.get(), NID_name_constraints, &critical, nullptr)),
      &NAME_CONSTRAINTS_free);
  REQUIRE(found);
  CHECK(critical == 1);
  CHECK(sk_GENERAL_SUBTREE_num(found->permittedSubtrees) == 13);
  CHECK((X509_get_extension_flags(ca.get()) & EXFLAG_CA) != 0);
  CHECK(X509_get_pathlen(ca.get()) == 0);
  SECTION("a name outside is refused and the working certificate stays") {
    const std::string before = *read_small_file(folder.path() + "/tls/cert.pem");
    for (const char* outside : {"example.com", "8.8.8.8"}) {
      const auto renewed = renew_leaf_if_due(folder.path(), "demo", {outside}, today);
      REQUIRE_FALSE(renewed);
      CHECK(renewed.error().kind == ErrorKind::bad_input);
      CHECK(renewed.error().message.find("permitted subtree violation") != std::string::npos);
    }
    CHECK(*read_small_file(folder.path() + "/tls/cert.pem") == before);
  }
  SECTION("a private address and a local name may be added later") {
    CHECK(renew_leaf_if_due(folder.path(), "demo", {"10.1.2.3", "pos.local"}, today).value_or(false));
    CHECK(verify(folder, today, "pos.local") == X509_V_OK);
    CHECK(verify(folder, today, nullptr, "10.1.2.3") == X509_V_OK);
  }
}

TEST_CASE("the server's certificate is renewed in time by the same CA, and not before") {
  const tests::TemporaryFolder folder;
  REQUIRE(make_site_certificates(folder.path(), "demo", {"pos.local"}, today));
  const std::string ca = *read_small_file(folder.path() + "/tls/ca.pem");
  CHECK_FALSE(renew_leaf_if_due(folder.path(), "demo", {"pos.local"}, today + days(360)).value_or(true));
  CHECK(renew_leaf_if_due(folder.path(), "demo", {"pos.local"}, today + days(370)).value_or(false));
  CHECK(verify(folder, today + days(700), "pos.local") == X509_V_OK);
  CHECK(*read_small_file(folder.path() + "/tls/ca.pem") == ca);
  REQUIRE(write_file(folder.path() + "/tls/cert.pem", "damaged", 0444));
  CHECK(renew_leaf_if_due(folder.path(), "demo", {"pos.local"}, today).value_or(false));
}

TEST_CASE("keys are readable by their owner alone") {
  const tests::TemporaryFolder folder;
  REQUIRE(make_site_certificates(folder.path(), "demo", {}, today));
  CHECK(mode_of(folder.path() + "/tls") == 0700);
  CHECK(mode_of(folder.path() + "/tls/ca-key.pem") == 0400);
  CHECK(mode_of(folder.path() + "/tls/key.pem") == 0400);
}

TEST_CASE("a name that would smuggle in another extension value is refused") {
  const tests::TemporaryFolder folder;
  for (const char* name : {"a,DNS:example.com", "a b", "", "-x", "*.local\n"}) {
    const auto made = make_site_certificates(folder.path(), "demo", {name}, today);
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == ErrorKind::bad_input);
  }
}

TEST_CASE("a setup code is accepted as people type it, once, and only its hash is kept") {
  const tests::TemporaryFolder folder;
  const std::string code = make_setup_code();
  REQUIRE(code.size() == 14);
  CHECK(code != make_setup_code());
  CHECK_FALSE(setup_code_matches(folder.path(), code));
  REQUIRE(store_setup_code(folder.path(), code));
  CHECK(mode_of(folder.path() + "/setup-code.sha256") == 0400);
  CHECK(read_small_file(folder.path() + "/setup-code.sha256")->find(code) == std::string::npos);
  std::string typed = " " + code.substr(0, 4) + code.substr(5);
  for (char& c : typed) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  CHECK(setup_code_matches(folder.path(), typed));
  CHECK_FALSE(setup_code_matches(folder.path(), ""));
  CHECK_FALSE(setup_code_matches(folder.path(), "0000-0000-0000"));
  CHECK(normalise_setup_code("oil0 a bcd") == "0110-ABCD");
  REQUIRE(forget_setup_code(folder.path()));
  CHECK_FALSE(has_setup_code(folder.path()));
  CHECK_FALSE(setup_code_matches(folder.path(), code));
}
