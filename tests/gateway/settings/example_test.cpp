// SPDX-License-Identifier: Apache-2.0
// The shipped files are true: they load, and the example holds every key with its default.
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <regex>

#include "gateway/settings/settings.h"
#include "support/temporary_folder.h"

using namespace gapura::gateway;

namespace {

const std::string config = std::string(GAPURA_SOURCE_DIR) + "/config";

// Key with its table ("portal.pulse_ms") -> every value that the file gives it, comments cut off.
std::multimap<std::string, std::string> keys_in(const std::string& file) {
  std::multimap<std::string, std::string> keys;
  const std::regex header(R"(^\[\[?([a-z_]+)\]\]?.*)"), pair(R"(^([a-z_]+) = (\[.*?\]|"[^"]*"|[^ #]+).*)");
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
  CHECK(settings->cameras.size() == 4);
  CHECK_FALSE(settings->cameras.at(3).driver.reads_badges);
  REQUIRE(settings->buses.size() == 1);
  CHECK(settings->buses.at(0).port == 1502);
  CHECK(settings->buses.at(0).controllers.size() == 3);
  REQUIRE(settings->site.portals.size() == 2);
  CHECK(settings->site.portals.at(0).entry_release == "gate1.release_in");
  CHECK(settings->site.portals.at(1).held_limit == gapura::Millis(15000));
  REQUIRE(settings->site.points.size() == 3);
  CHECK(settings->site.points.at(1).direction == gapura::Direction::exit);
  CHECK_FALSE(settings->site.points.at(1).needs_decision);
  CHECK(settings->site.detectors.at(0).alarm == "wtmd1.alarm");
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
    const auto dot = key.find('.');
    const std::string heading = "[" + key.substr(0, dot) + "]";
    const auto begin =
        text.find("## `" + heading) != std::string::npos ? text.find("## `" + heading) : text.find("## `[" + heading);
    INFO(key);
    REQUIRE(begin != std::string::npos);
    const std::string section = text.substr(begin, text.find("\n## ", begin) - begin);
    if (dot != std::string::npos) CHECK(section.find("`" + key.substr(dot + 1) + "`") != std::string::npos);
  }
}
