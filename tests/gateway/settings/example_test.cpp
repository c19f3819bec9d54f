// SPDX-License-Identifier: Apache-2.0
// The shipped files are true: they load, and the example holds every key with its default.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <regex>

#include "gateway/settings/settings.h"
#include "gateway/settings/shipped.h"
#include "gateway/settings/sop_reader.h"
#include "support/temporary_folder.h"

using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

// Key with its table ("portal.pulse_ms") -> every value that the file gives it, comments cut off.
std::multimap<std::string, std::string> keys_in(const std::string& file) {
  std::multimap<std::string, std::string> keys;
  const std::regex header(R"(^\[\[?([a-z_.]+)\]\]?.*)"), pair(R"(^([a-z_]+) = (\[.*?\]|"[^"]*"|[^ #]+).*)");
  std::ifstream stream(file);
  std::string line, table;
  std::smatch match;
  while (std::getline(stream, line)) {
    if (std::regex_match(line, match, header)) {
      table = match[1];
      keys.emplace(table, "");
    } else if (std::regex_match(line, match, pair)) {
      std::string value = match[2];
      if (value.front() == '"') value = value.substr(1, value.size() - 2);
      keys.emplace(table + "." + match[1].str(), value);
    }
  }
  return keys;
}

SettingsReport load_shipped(const std::string& name) { return load_settings(config + "/" + name, config + "/controllers"); }

}  // namespace

TEST_CASE("the demo and the example load without a mistake") {
  for (const char* name : {"demo.toml", "gateway.example.toml"}) {
    const SettingsReport report = load_shipped(name);
    for (const Mistake& mistake : report.mistakes) CHECK(mistake.text() == "");
    CHECK(report.settings);
  }
}

TEST_CASE("the demo's values arrive where they belong") {
  const auto settings = load_shipped("demo.toml").settings;
  REQUIRE(settings);
  CHECK(settings->site_id == "demo");
  CHECK(settings->timezone == "Asia/Makassar");
  CHECK(settings->cameras.size() == 5);
  CHECK_FALSE(settings->cameras.at(4).driver.reads_badges);
  REQUIRE(settings->buses.size() == 1);
  CHECK(settings->buses.at(0).port == 1502);
  CHECK(settings->buses.at(0).controllers.size() == 3);
  REQUIRE(settings->site.portals.size() == 2);
  CHECK(settings->site.portals.at(0).entry_release == "gate1.release_in");
  CHECK(settings->site.portals.at(1).held_limit == gapura::Millis(15000));
  REQUIRE(settings->site.points.size() == 4);
  CHECK(settings->site.points.at(1).direction == gapura::Direction::exit);
  CHECK_FALSE(settings->site.points.at(1).needs_decision);
  CHECK(settings->site.detectors.at(0).alarm == "wtmd1.alarm");
  REQUIRE(settings->site.sops.size() == 1);
  CHECK(settings->site.sops.at(0).steps.at(1).evidence == gapura::Evidence::attested);
  for (const Mistake& warning : load_shipped("demo.toml").warnings) CHECK(warning.text() == "");
}

TEST_CASE("the example's rules arrive where they belong") {
  const auto settings = load_shipped("gateway.example.toml").settings;
  REQUIRE(settings);
  const gapura::SiteConfig& site = settings->site;
  const gapura::Area& office = site.areas.at(2);
  CHECK(office.passback == gapura::Passback::timed);
  CHECK(office.passback_time == std::chrono::minutes(10));
  CHECK(office.escort == gapura::EscortRule::ordered);
  REQUIRE(site.portals.at(2).unlocked.size() == 1);
  CHECK(site.portals.at(2).unlocked.at(0).hours.to.minutes == std::chrono::hours(12));
  CHECK(site.hosts.at(1).unit == "Sekretariat Contoh");
  CHECK_FALSE(site.hosts.at(1).escorts);
  CHECK(site.post_readers.at(0).kind == gapura::PostReaderKind::post);
  CHECK(site.interlocks.at(0).chamber == gapura::AreaId("waiting_room"));
  CHECK(site.lockdowns.at(0).may_pass == std::vector<std::string>{"leaving"});
  CHECK(site.rules.ask_second == std::chrono::minutes(5));
  CHECK(site.rules.panic_inputs == std::vector<std::string>{"desk1.rex"});
  CHECK(site.rules.passback_reset == gapura::Minutes(0));
  CHECK(site.hours.holidays.size() == 5);
  CHECK(site.hours.rests.at(0).from.from_sunset);
  CHECK(site.hours.rests.at(0).from.minutes == gapura::Minutes(-15));
  CHECK(site.hours.place);
  CHECK(site.sops.at(0).id == "SOP-CONTOH-01/2026#0");
}

TEST_CASE("the example holds every key that the reader knows, and no other") {
  const SettingsReport report = load_shipped("gateway.example.toml");
  const auto written = keys_in(config + "/gateway.example.toml");
  REQUIRE(report.known_keys.size() > 50);
  for (const auto& [key, fallback] : report.known_keys) {
    INFO(key);
    CHECK(written.count(key) > 0);
  }
  for (const auto& [key, value] : written) {
    INFO(key);
    CHECK(report.known_keys.count(key) > 0);
  }
}

TEST_CASE("the example shows each default as it is") {
  const SettingsReport report = load_shipped("gateway.example.toml");
  const auto written = keys_in(config + "/gateway.example.toml");
  for (const auto& [key, fallback] : report.known_keys) {
    const bool is_an_id = key.ends_with(".name");  // whose default is the id
    if (fallback.empty() || is_an_id) continue;
    const auto [first, last] = written.equal_range(key);
    INFO(key);
    CHECK(std::any_of(first, last, [&, wanted = fallback](const auto& pair) { return pair.second == wanted; }));
  }
}

TEST_CASE("the README of config explains every key") {
  const SettingsReport report = load_shipped("gateway.example.toml");
  std::ifstream stream(config + "/README.md");
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  for (const auto& [key, fallback] : report.known_keys) {
    const auto dot = key.rfind('.');  // "visiting_hours.open.from" is under [[visiting_hours.open]]
    const std::string heading = "[" + key.substr(0, dot) + "]";
    const auto begin =
        text.find("## `" + heading) != std::string::npos ? text.find("## `" + heading) : text.find("## `[" + heading);
    INFO(key);
    REQUIRE(begin != std::string::npos);
    const std::string section = text.substr(begin, text.find("\n## ", begin) - begin);
    if (dot != std::string::npos) CHECK(section.find("`" + key.substr(dot + 1) + "`") != std::string::npos);
  }
}

TEST_CASE("the shipped procedures load without a mistake, and the four are distinguished") {
  std::map<std::string, std::string> titles;
  for (const char* name : {"office-general", "office-special", "residence-general", "residence-special"}) {
    const SopReport report = load_sop(config + "/sop/" + name + ".toml", "Asia/Makassar");
    for (const Mistake& mistake : report.mistakes) CHECK(mistake.text() == "");
    REQUIRE(report.sop);
    CHECK(report.sop->number.find("CONTOH") != std::string::npos);
    CHECK(titles.emplace(report.sop->id, report.sop->title).second);
  }
}

TEST_CASE("at the office the badge comes before the detector; at the residence the detector before the waiting room") {
  const auto place_of = [](const gapura::Sop& sop, const std::string& id) {
    const auto& steps = sop.steps;
    return std::find_if(steps.begin(), steps.end(), [&](const auto& step) { return step.id == id; }) - steps.begin();
  };
  const auto office = load_sop(config + "/sop/office-general.toml", "Asia/Jakarta").sop;
  const auto residence = load_sop(config + "/sop/residence-general.toml", "Asia/Jakarta").sop;
  REQUIRE((office && residence));
  CHECK(place_of(*office, "badge") < place_of(*office, "screening"));
  CHECK(place_of(*residence, "screening") < place_of(*residence, "waiting"));
  CHECK(office->gates.at(0).requires_ == std::vector<std::string>{"identity", "badge"});
  CHECK(residence->gates.at(0).requires_ == std::vector<std::string>{"identity", "badge", "screening"});
}

TEST_CASE("the README of config explains every key of a procedure") {
  std::ifstream stream(config + "/README.md");
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  const auto begin = text.find("## `sop/*.toml`");
  REQUIRE(begin != std::string::npos);
  const std::string section = text.substr(begin, text.find("\n## ", begin) - begin);
  const SopReport report = load_sop(config + "/sop/residence-general.toml", "Asia/Jakarta");
  REQUIRE(report.known_keys.size() > 40);
  for (const auto& [key, fallback] : report.known_keys) {
    if (key.starts_with("step.branches.")) continue;  // answers, whose words are free
    INFO(key);
    CHECK(section.find("`" + key.substr(key.rfind('.') + 1) + "`") != std::string::npos);
  }
}
