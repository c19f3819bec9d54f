// SPDX-License-Identifier: Apache-2.0
// Damaged files: reported or harmless, never a crash.
#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "gateway/settings/settings.h"
#include "gateway/settings/shipped.h"
#include "gateway/settings/sop_reader.h"
#include "support/temporary_folder.h"

using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

std::string damaged(std::string text, std::mt19937& random) {
  const std::string pieces = "\"[]=.#\n\\'{},x9-\x1b\t";
  for (unsigned edits = 1 + random() % 4; edits > 0; --edits) {
    const std::size_t at = random() % text.size();
    if (random() % 3 == 0)
      text.erase(at, 1 + random() % 20);
    else if (random() % 2 == 0)
      text[at] = pieces[random() % pieces.size()];
    else
      text.insert(at, 1, pieces[random() % pieces.size()]);
  }
  return text;
}

template <class Report, class Value>
void require_sense(const Report& report, const std::optional<Value>& value) {
  REQUIRE(value.has_value() == report.mistakes.empty());
  for (const Mistake& mistake : report.mistakes) {
    REQUIRE(mistake.line >= 1);
    REQUIRE_FALSE(mistake.message.empty());
  }
}

}  // namespace

TEST_CASE("any damage to a procedure is reported or harmless, and every mistake has a place") {
  std::mt19937 random(20260302);
  const std::string whole = text_of(config + "/sop/residence-general.toml");
  const gapura::tests::TemporaryFolder folder;
  int good = 0, bad = 0;
  for (int round = 0; round < 500; ++round) {
    const std::string text = damaged(whole, random);
    CAPTURE(round, text);
    std::ofstream(folder / "sop.toml") << text;
    const SopReport report = load_sop(folder / "sop.toml", "Asia/Jakarta");
    require_sense(report, report.sop);
    ++(report.sop ? good : bad);
  }
  CHECK(good > 20);  // sentences may be changed
  CHECK(bad > 100);
}

TEST_CASE("any damage to the whole example is reported or harmless, and every mistake has a place") {
  std::mt19937 random(20260303);
  const std::string whole = text_of(config + "/gateway.example.toml");
  const gapura::tests::TemporaryFolder folder;
  for (int round = 0; round < 300; ++round) {
    const std::string text = damaged(whole, random);
    CAPTURE(round, text);
    std::ofstream(folder / "site.toml") << text;
    const SettingsReport report = load_settings(folder / "site.toml", config + "/controllers");
    require_sense(report, report.settings);
  }
}
