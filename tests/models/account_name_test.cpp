// SPDX-License-Identifier: Apache-2.0
#include "models/site/account_name.h"

#include <catch2/catch.hpp>

using namespace gapura;

TEST_CASE("names that read as the gateway's own are known, however they are written, and people's names are not") {
  for (const char* name : {"local",
                           "system",
                           "device",
                           "setup",
                           "Local",
                           "SYSTEM",
                           " system ",
                           "sys tem",
                           "s-y-s-t-e-m",
                           "l0cal",
                           "1ocal",
                           "Iocal",
                           "loca|",
                           "sy5tem",
                           "5y57em",
                           "dev1ce",
                           "system\u200b",
                           "sys\u00adtem",
                           "\u202esystem",
                           "s\u0443stem",
                           "\u0455ystem",
                           "l\u043ecal",
                           "loc\u0430l",
                           "L\u041eCAL",
                           "s\u00ffstem",
                           "lo\u0301cal",
                           "\uff4c\uff4f\uff43\uff41\uff4c",
                           "\uff33YSTEM",
                           "set\u03c5p",
                           "l\u03bfcal",
                           "\u04cfocal",
                           "d\u0435v\u0456ce",
                           "system\xf3\xa0\x81\xa1"}) {
    INFO(name);
    CHECK(looks_like_reserved_name(name));
  }
  for (const char* name : {"sari", "wayan", "Lokal", "sistem", "local admin", "systems", "setup-2", "admin", "Ni Luh Ayu",
                           "I Made", "\u0441\u0430\u0440\u0438", "\u6731", "u-1", "a", "\xff\xfe"}) {
    INFO(name);
    CHECK_FALSE(looks_like_reserved_name(name));
  }
}
