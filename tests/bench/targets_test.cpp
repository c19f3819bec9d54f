// SPDX-License-Identifier: Apache-2.0
#include "bench/targets.h"

#include <catch2/catch.hpp>

using gapura::bench::Targets;

TEST_CASE("a bench ends well when every target is met, and not when one is missed or none was measured") {
  Targets targets;
  CHECK(targets.report() == 1);
  targets.at_most("at the limit", 1.3, 1.3);
  targets.at_least("at the limit", 95, 95);
  CHECK(targets.report() == 0);
  SECTION("too much") { targets.at_most("ratio", 1.31, 1.3); }
  SECTION("too little") { targets.at_least("found", 94.9, 95); }
  CHECK(targets.report() == 1);
}

TEST_CASE("a target factor makes each target stricter or more generous, and is no other argument") {
  const auto outcome = [](const char* factor) {
    std::string words[] = {"bench", "1000", "--target-factor", factor, "last"};
    char* argv[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), words[4].data()};
    int argc = 5;
    Targets targets(argc, argv);
    CHECK(argc == 3);
    CHECK(std::string(argv[1]) == "1000");
    CHECK(std::string(argv[2]) == "last");
    targets.at_most("ratio", 1, 1.3);
    targets.at_least("found", 97, 95);
    return targets.report();
  };
  CHECK(outcome("1") == 0);
  CHECK(outcome("2") == 0);
  CHECK(outcome("0.01") == 1);
}
