// SPDX-License-Identifier: Apache-2.0
#include "models/base/text.h"

#include <catch2/catch.hpp>

#include "models/base/sha256.h"

using namespace gapura;

TEST_CASE("text is taken by code points, and a byte that begins none by itself") {
  std::string_view text = "a\xc3\xa9\xe2\x80\x8b\xf0\x9f\x9a\xaa";
  CHECK(is_utf8(text));
  CHECK(count_code_points(text) == 4);
  CHECK(take_code_point(text) == U'a');
  CHECK(take_code_point(text) == 0xe9);
  CHECK(take_code_point(text) == 0x200b);
  CHECK(take_code_point(text) == 0x1f6aa);
  CHECK(text.empty());

  // Too long a form, a surrogate, beyond Unicode, cut short, a continuation alone.
  for (const std::string_view bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x80", "\x80"}) {
    CHECK(utf8_length(bad) == 0);
    CHECK_FALSE(is_utf8(bad));
    std::string_view rest = bad;
    CHECK(take_code_point(rest) == static_cast<unsigned char>(bad.front()));
    CHECK(rest.size() == bad.size() - 1);
  }
  CHECK(utf8_length("") == 0);
  CHECK(is_utf8(""));
}

TEST_CASE("lower case is of ASCII letters, and digits are ASCII digits") {
  CHECK(lower_case("GERBANG \xc3\x89 9") == "gerbang \xc3\x89 9");
  CHECK(digits_of("+62 (0)812-34\xef\xbc\x91") == "62081234");
}

TEST_CASE("a text is split, joined and trimmed, and hexadecimal digits have either case") {
  using Words = std::vector<std::string>;
  CHECK(split("a, b,,c", ',') == Words{"a", " b", "c"});
  CHECK(split(",a,", ',') == Words{"a"});
  CHECK(split("", ' ').empty());
  CHECK(joined({"a", "", "b"}, ", ") == "a, , b");
  CHECK(joined({}, ", ").empty());
  CHECK(trimmed("  a b ") == "a b");
  CHECK(trimmed("  ").empty());
  CHECK(hex_digit('9') == 9);
  CHECK(hex_digit('f') == 15);
  CHECK(hex_digit('A') == 10);
  CHECK(hex_digit('g') == -1);
}

TEST_CASE("bytes are read from the hexadecimal text that they are written in, and from no other") {
  CHECK(to_hex("\x01\xfe") == "01fe");
  CHECK(from_hex("01fe") == "\x01\xfe");
  CHECK(from_hex("") == "");
  for (const char* bad : {"0", "01f", "01FE", "0x", " 1"}) CHECK_FALSE(from_hex(bad));
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("an id is short, in lower case, and does not begin with a sign") {
  for (const char* good : {"a", "0", "lobby-2", "c_1", "_x"}) CHECK(is_id(good, false));
  for (const char* bad : {"", "-a", ".a", "a.b", "A", "a b", "a:b", "\xc3\xa9"}) CHECK_FALSE(is_id(bad, false));
  CHECK(is_id("a.b", true));
  CHECK_FALSE(is_id(".a", true));
  CHECK(is_id(std::string(64, 'a'), false));
  CHECK_FALSE(is_id(std::string(65, 'a'), false));
}
