// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/cipher.h"

#include <catch2/catch.hpp>
#include <set>

using namespace gapura::gateway;

TEST_CASE("what was sealed opens with its key and for its place alone, and any changed byte is noticed") {
  const Secret key = Secret::random();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{31}, std::size_t{200}, std::size_t{100'000}}) {
    const std::string plain(size, 'x');
    const std::string sealed = seal_bytes(key, "guest.full_name", plain);
    CHECK(sealed.size() == size + seal_overhead);
    CHECK(open_bytes(key, "guest.full_name", sealed) == plain);
    CHECK_FALSE(open_bytes(key, "guest.phone", sealed));
    CHECK_FALSE(open_bytes(Secret::random(), "guest.full_name", sealed));
    CHECK(seal_bytes(key, "guest.full_name", plain) != sealed);  // never the same bytes twice
  }
  const std::string sealed = seal_bytes(key, "a", "Tamu Contoh");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(open_bytes(key, "a", changed));
    CHECK_FALSE(open_bytes(key, "a", sealed.substr(0, i)));
  }
}

TEST_CASE("a salt stays 16 bytes and comes back with its key alone") {
  const Secret key = Secret::random();
  const std::string salt = "0123456789abcdef";
  const std::string sealed = seal_salt(key, salt);
  CHECK(sealed.size() == 16);
  CHECK(sealed != salt);
  CHECK(open_salt(key, sealed) == salt);
  CHECK(open_salt(Secret::random(), sealed) != salt);
  CHECK_THROWS(seal_salt(key, "short"));
}

TEST_CASE("each use of a key has a key of its own") {
  const Secret key = Secret::random();
  std::set<std::string> made;
  for (const auto use : {KeyUse::wrap, KeyUse::index, KeyUse::name, KeyUse::text, KeyUse::salt, KeyUse::file})
    made.emplace(derive(key, use).view());
  CHECK(made.size() == 6);
}

TEST_CASE("the blind index says nothing without its key, and tells names from numbers") {
  const Secret key = Secret::random();
  CHECK(blind_index(key, "name", "tamu contoh") == blind_index(key, "name", "tamu contoh"));
  CHECK(blind_index(key, "name", "0812") != blind_index(key, "phone", "0812"));
  CHECK(blind_index(Secret::random(), "name", "0812") != blind_index(key, "name", "0812"));
  CHECK(blind_index(key, "name", "0812").size() == 16);
}
