// SPDX-License-Identifier: Apache-2.0
#include "models/visit/credential.h"

#include <catch2/catch.hpp>
#include <cctype>
#include <random>
#include <set>

#include "models/visit/typed_code.h"

using namespace gapura;

TEST_CASE("a badge's number is six characters and one that checks them: a slip of one finger is no other badge's number") {
  const std::string code = badge_code("b-0123456789abcdef");
  REQUIRE(code.size() == 7);
  CHECK(code.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U") == std::string::npos);
  CHECK(badge_code("b-0123456789abcdef") == code);
  std::set<std::string> numbers, firsts;
  for (int i = 0; i < 2000; ++i) {
    const std::string other = badge_code("b-" + std::to_string(i));
    numbers.insert(other);
    firsts.insert(other.substr(0, 6));
  }
  CHECK(numbers.size() == 2000);
  CHECK(firsts.size() == 2000);
}

TEST_CASE("a badge's number is taken as people type it, and a slip is detected") {
  for (int i = 0; i < 200; ++i) {
    const std::string code = badge_code("b-" + std::to_string(i));
    std::string typed = code.substr(0, 3) + "-" + code.substr(3) + " ";
    for (char& c : typed) c = c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
    CAPTURE(code, typed);
    CHECK(typed_badge_code(code) == code);
    CHECK(typed_badge_code(typed) == code);
    for (std::size_t at = 0; at < code.size(); ++at) {
      std::string slip = code;
      slip[at] = slip[at] == 'K' ? 'M' : 'K';
      CHECK_FALSE(typed_badge_code(slip));
    }
    CHECK_FALSE(typed_badge_code(code.substr(0, 6)));
    CHECK_FALSE(typed_badge_code(code + code[0]));
  }
  for (const char* nothing : {"", "-", "7K3M9X", "U000000", "000000\xff", "<script>"})
    CHECK_FALSE(typed_badge_code(nothing));
}

TEST_CASE("a token is 27 characters and comes back as the same bytes") {
  std::mt19937 random(7);
  for (int round = 0; round < 1000; ++round) {
    TokenBytes bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    const std::string text = make_token(bytes);
    REQUIRE(text.size() == 27);
    REQUIRE(std::get<TokenBytes>(parse_token(text)) == bytes);
  }
}

TEST_CASE("base45 is RFC 9285's: AB becomes BB8") {
  TokenBytes bytes{};
  bytes[0] = 'A';
  bytes[1] = 'B';
  CHECK(make_token(bytes).substr(3, 3) == "BB8");
}

TEST_CASE("everything else is refused by name") {
  const std::string good = make_token({});
  const auto reject = [](const std::string& payload) {
    return std::string(word(std::get<TokenReject>(parse_token(payload))));
  };
  CHECK(reject("") == "empty");
  CHECK(reject(std::string(5000, 'x')) == "too_long");
  CHECK(reject("' OR 1=1 --") == "wrong_prefix");
  CHECK(reject("<script>alert(1)</script>") == "wrong_prefix");
  CHECK(reject("g1:" + good.substr(3)) == "wrong_prefix");
  CHECK(reject(good + "0") == "wrong_length");
  CHECK(reject("G1:" + std::string(24, 'a')) == "wrong_alphabet");
  CHECK(reject("G1:" + std::string(24, ':')) == "out_of_range");
  CHECK(reject(std::string("G1:") + std::string(24, '\0')) == "wrong_alphabet");
}

TEST_CASE("any bytes give exactly one of candidate and reject") {
  std::mt19937 random(11);
  for (int round = 0; round < 200'000; ++round) {
    std::string payload(random() % 40, '\0');
    for (auto& c : payload) c = static_cast<char>(random());
    if (random() % 2 && payload.size() >= 3) payload.replace(0, 3, "G1:");
    const auto parsed = parse_token(payload);
    if (const auto* bytes = std::get_if<TokenBytes>(&parsed)) REQUIRE(make_token(*bytes) == payload);
  }
}

TEST_CASE("a payload is shown without control characters, quotes and tags") {
  CHECK(escape_payload("ok 123") == "ok 123");
  CHECK(escape_payload("<b>\"'\\\n\x1b[31m") == "\\x3cb\\x3e\\x22\\x27\\x5c\\x0a\\x1b[31m");
  CHECK(escape_payload(std::string(100, 'a'), 10) == "aaaaaaaaaa... (100 bytes)");
}

TEST_CASE("at rest a token is a hash in its own domain") {
  CHECK(badge_hash({}) != sha256(std::string(16, '\0')));
  CHECK(to_hex(as_bytes(sha256(""))) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
