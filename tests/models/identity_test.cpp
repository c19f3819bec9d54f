// SPDX-License-Identifier: Apache-2.0
#include "models/visit/identity.h"

#include <catch2/catch.hpp>

using namespace gapura;

namespace {

std::string form(std::string_view written) { return read_phone(written).form; }
std::string fault(std::string_view written) {
  return words<PhoneFault>.at(static_cast<std::size_t>(read_phone(written).fault));
}

}  // namespace

TEST_CASE("a telephone number has one form, however it is written in Indonesia") {
  for (const char* written : {"081234529000",
                              "0812-3452-9000",
                              "0812 3452 9000",
                              "0812.3452.9000",
                              "(0812) 3452 9000",
                              "+6281234529000",
                              "+62 812-3452-9000",
                              "+62 (0)812-3452-9000",
                              "+62 0812 3452 9000",
                              "+62(0) 812 3452 9000",
                              "0062 812 3452 9000",
                              "0062 (0) 812 3452 9000",
                              "62812 3452 9000",
                              "62 0812 3452 9000",
                              "81234529000",
                              "812 3452 9000",
                              "'081234529000",
                              "tel:+62-812-3452-9000",
                              "\xe2\x80\xaa"
                              "081234529000\xe2\x80\xac",
                              "\xe2\x80\x8e+62 812 3452 9000",
                              "0812\xc2\xa0"
                              "3452\xc2\xa0"
                              "9000",
                              "\xef\xbb\xbf"
                              "081234529000",
                              "0812\xe2\x80\x93"
                              "3452\xe2\x80\x93"
                              "9000",
                              "\xef\xbc\x90\xef\xbc\x98\xef\xbc\x91\xef\xbc\x92"
                              "34529000",
                              "\xef\xbc\x8b"
                              "6281234529000"}) {
    INFO(written);
    CHECK(form(written) == "+6281234529000");
  }
}

TEST_CASE("landlines, extensions, numbers of other countries and short ones keep what they are") {
  CHECK(form("(021) 5550107") == "+62215550107");
  CHECK(form("215550107") == "+62215550107");
  CHECK(form("+62 (0)21 555 0107") == "+62215550107");
  for (const char* extension : {"(021) 5550107 ext 12", "021-5550107 ext. 12", "021 5550107 pes. 12", "0215550107 x12",
                                "+62 21 5550107;ext=12", "021 5550107 #12", "021 5550107 pesawat 12"}) {
    INFO(extension);
    CHECK(form(extension) == "+62215550107;ext=12");
  }
  CHECK(form("+65 9123 4567") == "+6591234567");
  CHECK(form("0065 9123 4567") == "+6591234567");
  CHECK(form("+1 (415) 555-0100") == "+14155550100");
  CHECK(form("5550107") == "5550107");  // of which town is not written
  CHECK(form("112") == "112");
  CHECK(form("0811") == "+62811");
  CHECK(form("0800-000-001") != form("0800-000-002"));
  CHECK(form("").empty());
  CHECK(form("-").empty());
  CHECK(fault("-") == "none");
}

TEST_CASE("what is no telephone number, or more than one, has no form and says why") {
  for (const char* spoiled : {"6,28E+12", "6.28E+12", "6,28123E+12", "6.28e12", "8E+10"}) {
    INFO(spoiled);
    CHECK(fault(spoiled) == "exponent");
  }
  for (const char* two : {"0812 3452 9006 / 0812 3452 9007", "081234529006;081234529007", "081234529006, 081234529007",
                          "0812 3452 9006 atau 0812 3452 9007", "+6281234529006+6281234529007",
                          "0812 3452 9006 0812 3452 9007", "081234529006\n081234529007", "08123452900/6"}) {
    INFO(two);
    CHECK(fault(two) == "two_numbers");
  }
  for (const char* none : {"tidak ada", "12", "000", "0812abc", "12345678901234567", "\xff\xfe", "+", "0062"}) {
    INFO(none);
    CHECK(fault(none) == "not_a_number");
  }
  for (const char* any : {"6,28E+12", "081234529006/07", "tidak ada"}) CHECK(form(any).empty());
}

TEST_CASE("names are compared without case, extra blanks and invisible characters") {
  CHECK(name_form("  Ahmad\xc2\xa0  HARI ") == "ahmad hari");
  CHECK(name_form("Ahmad Hari") == name_form("ahmad\xe2\x80\x8b  hari"));
  CHECK(name_form("\xe2\x80\xaa"
                  "Tamu\xe2\x80\xac") == "tamu");
  CHECK(name_form("Ren\xc3\xa9") == "ren\xc3\xa9");
  CHECK(name_form("Achmad") != name_form("Ahmad"));
}
