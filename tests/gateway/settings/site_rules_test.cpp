// SPDX-License-Identifier: Apache-2.0
// Areas, interlocks, lockdowns, hours, rules and procedures of a site: the shipped example with one thing changed.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "gateway/settings/settings.h"
#include "gateway/settings/shipped.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// Beside the file there is neither a calendar nor a procedure: the shipped ones are found beside the profiles.
SettingsReport load_beside_nothing(const std::string& text) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "site.toml") << text;
  return load_settings(folder / "site.toml", config + "/controllers");
}

SettingsReport load_with(const std::string& from, const std::string& to) {
  return load_beside_nothing(replaced(text_of(config + "/gateway.example.toml"), from, to));
}

std::vector<std::string> sentences(const std::vector<Mistake>& list) {
  std::vector<std::string> lines;
  for (const Mistake& m : list) lines.push_back(m.key + ": " + m.message);
  return lines;
}

// The warnings without the accepted risk that the example shows, which it always has.
std::vector<Mistake> beside_the_accepted_risk(std::vector<Mistake> warnings) {
  std::erase_if(warnings, [](const Mistake& m) { return m.key == "portal[3].accept_hold_on_loss"; });
  return warnings;
}

// A line of the example by a part of it, 1 the first.
int line_of(const std::string& part) {
  const std::string text = text_of(config + "/gateway.example.toml");
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(part)), '\n'));
}

struct BrokenRule {
  std::string from, to, key, part;
};

const std::vector<BrokenRule> broken_rules = {
    // personal data
    {"class = \"visit\"        #", "class = \"visits\"        #", "retention[0].class", "\"portrait\""},
    {"action = \"anonymise\"", "action = \"destroy\"", "retention[0].action", "times and counts of a visit stay"},
    {"days = 365             #", "days = 300             #", "retention[0].days", "kept for longer than the visit"},
    {"days = 365             #", "days = 0               #", "retention[0].days", "1 to 36500"},
    {"jra = \"HM.01.02\"", "jra = \"HM\"\n[[retention]]\nclass = \"visit\"", "retention[1].class", "visit"},
    {"class = \"visit\"        #", "class = \"audit\"        #", "retention[0].action", "never deleted"},
    {"notice = \"2026-01\"", "notice = \"0123456789012345678901234567890123456789x\"", "privacy.notice",
     "at most 40 bytes"},
    // cameras
    {"watches = [\"gate\"]", "watches = [\"gate\", \"gaet\"]", "camera[0].watches[1]", "the id of a [[portal]]"},
    {"clip = [\"denied\", \"forced\"]", "clip = [\"refused\"]", "camera[0].clip[0]", "\"denied\""},
    {"url = \"/dev/video0\"", "url = \"/dev/video0\"\nclip = [\"denied\"]", "camera[4].clip", "give pictures only"},
    // areas
    {"passback = \"off\"", "passback = \"hrad\"", "area[1].passback", "\"timed\""},
    {"passback = \"off\"", "passback_minutes = 5", "area[1].passback_minutes", "only with passback = \"timed\""},
    {"passback = \"off\"", "passback_exempt = [\"special\"]", "area[1].passback_exempt", "not \"off\""},
    {"passback_exempt = [\"special\"]", "passback_exempt = [\"\"]", "area[2].passback_exempt[0]", "found \"\""},
    {"two_person = false", "two_person = 0", "area[1].two_person", "true or false"},
    {"escort = \"off\"", "escort_tail = true", "area[1].escort_tail", "only with escort = \"ordered\""},
    {"limit = 0", "limti = 0", "area[1].limti", "did you mean \"limit\"?"},
    // readers on desks
    {"reader = \"r-gate-out\"", "reader = \"r-desk\"", "access_point[1].reader", "without a role"},
    {"role = \"post\"", "role = \"desk\"", "reader[4].role", "\"return_box\""},
    // interlocks, lockdowns
    {"portals = [\"gate\", \"inner-door\"]", "portals = [\"gate\"]", "interlock[0].portals", "at least two"},
    {"portals = [\"gate\", \"inner-door\"]", "portals = [\"gate\", \"iner-door\"]", "interlock[0].portals",
     "did you mean \"inner-door\"?"},
    {"chamber = \"waiting_room\"", "chamber = \"hall\"", "interlock[0].chamber", "the id of a [[area]]"},
    {"chamber = \"waiting_room\"       # the area between them; optional\nlongest_stay_s = 0", "longest_stay_s = 9",
     "interlock[0].longest_stay_s", "only with a chamber"},
    {"areas = [\"waiting_room\", \"office\"]", "areas = []", "lockdown[0].areas", "not empty"},
    {"may_pass = [\"leaving\"]", "may_pass = [\"leaving\", \"guards\"]", "lockdown[0].may_pass[1]", "\"staff\""},
    // rules
    {"ask_second_s = 300", "ask_second_s = 100", "rules.ask_second_s", "at least ask_again_s"},
    {"screening_deviation_s = 180", "screening_deviation_s = 30", "rules.screening_deviation_s", "at least"},
    {"panic_lockdown = \"everything\"", "panic_lockdown = \"all\"", "rules.panic_lockdown", "the id of a [[lockdown]]"},
    {"panic_inputs = [\"desk1.rex\"]", "panic_inputs = [\"rex\"]", "rules.panic_inputs", "\"controller.name\""},
    {"panic_inputs = [\"desk1.rex\"]", "panic_inputs = [\"desk1.lock\"]", "rules.panic_inputs", "an input of profile"},
    {"passback_reset = \"00:00\"", "passback_reset = \"24:00\"", "rules.passback_reset", "a time of day"},
    {"[rules]", "[rules]\nrewlks = 1", "rules.rewlks", "did you mean \"rewalks\"?"},
    // hours
    {"close_of_day = \"24:00\"", "close_of_day = \"sunset\"", "visiting_hours.close_of_day", "a time of day"},
    {"to = \"15:00\"", "to = \"08:00\"", "visiting_hours.open[0].to", "after from"},
    {"from = \"08:00\"", "from = \"8 am\"", "visiting_hours.open[0].from", "a time such as"},
    {"\"thu\", \"fri\"]\nfrom = \"08:00\"", "\"thu\", \"jum\"]\nfrom = \"08:00\"", "visiting_hours.open[0].days[4]",
     "\"sun\""},
    {"id = \"maghrib\"", "id = \"maghrib\"\ncolour = 1", "visiting_hours.rest[0].colour", "unknown key"},
    {"calendars/contoh-2026.toml", "calendars/contoh-2062.toml", "visiting_hours.calendar[0]", "that exists"},
    // procedures
    {"sop/office-general.toml", "sop/office-generl.toml", "sop[0].file", "that exists"},
    {"[[sop]]", "[[sop]]\nfile = \"sop/office-general.toml\"\n[[sop]]", "sop[1].file", "is already used"},
    {"[[sop]]", "[[sop]]\nfile = \"sop/residence-special.toml\"\n[[sop]]", "gate[1].area", "found \"residence\""},
    // what is impossible in the whole
    {"passback = \"off\"", "passback = \"off\"\n[[area]]\nid = \"vault\"\nlimit = 3", "area vault", "no access point"},
    {"escorts = true", "escorts = false", "area office", "ordered escort needs at least one [[host]]"},
    {"receives = true                # guests come for them\nescorts = true", "receives = false\nescorts = false",
     "host[0].escorts", "receives or escorts"},
    // doors that are unlocked by schedule
    {"to = \"12:00\"", "to = \"07:30\"", "portal[2].unlocked[0].to", "after from"},
    {"to = \"12:00\"", "to = \"noon\"", "portal[2].unlocked[0].to", "a time such as"},
    {"from = \"07:30\"", "from = \"sunset+300\"", "portal[2].unlocked[0].to", "on no day of the year"},
    {"holidays = false", "holiday = false", "portal[2].unlocked[0].holiday", "did you mean \"holidays\"?"},
    {"order_ms = 1500                # a release not sent by then is never sent\n",
     "[[portal.unlocked]]\ndays = [\"mon\"]\nfrom = \"08:00\"\nto = \"09:00\"\n", "portal gate",
     "only a door can stand unlocked"},
};

}  // namespace

TEST_CASE("every mistake about rules, hours and procedures is named with its key and what was expected") {
  for (const BrokenRule& broken : broken_rules) {
    CAPTURE(broken.from, broken.to);
    const SettingsReport report = load_with(broken.from, broken.to);
    CHECK_FALSE(report.settings);
    const std::vector<std::string> found = sentences(report.mistakes);
    CAPTURE(found);
    const bool told = std::any_of(report.mistakes.begin(), report.mistakes.end(), [&](const Mistake& m) {
      return m.key == broken.key && m.message.find(broken.part) != std::string::npos;
    });
    CHECK(told);
    CHECK(found.size() <= 2);
  }
}

TEST_CASE("a rule that cannot work is refused at the section that it is about") {
  const SettingsReport report = load_with("passback = \"timed\"", "passback = \"timed\"\nlimit = 1\ntwo_person = true");
  REQUIRE(report.mistakes.size() == 1);
  CHECK(report.mistakes.at(0).line == line_of("id = \"office\""));
  CHECK(report.mistakes.at(0).key == "area office");
}

TEST_CASE("an anti-passback area without a reader on its way out is refused") {
  const std::string text = replaced(text_of(config + "/gateway.example.toml"), "reader = \"r-door-out\"\n", "");
  const SettingsReport report =
      load_beside_nothing(replaced(text, "passback = \"timed\"\npassback_minutes = 10 ", "passback = \"hard\" "));
  REQUIRE(report.mistakes.size() == 1);
  CHECK(report.mistakes.at(0).key == "area office");
  CHECK(report.mistakes.at(0).message.find("out of the area") != std::string::npos);
}

TEST_CASE("an SOP's limit of people inside is a warning where no reader sees them leave, and the shipped sites have none") {
  const SettingsReport report = load_with("reader = \"r-door-out\"\n", "");
  CHECK(report.settings);
  const auto warnings = beside_the_accepted_risk(report.warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings.at(0).key == "sop SOP-CONTOH-01/2026#0");
  CHECK(warnings.at(0).message.find("area office has no reader on its way out") != std::string::npos);
  for (const char* name : {"/gateway.example.toml", "/demo.toml"}) {
    const auto shipped = load_settings(config + name, config + "/controllers");
    CHECK(sentences(beside_the_accepted_risk(shipped.warnings)).empty());
  }
}

TEST_CASE("a time relative to sunset is refused where the site has no coordinates") {
  const SettingsReport report = load_with("coordinates = [", "# [");
  REQUIRE(report.mistakes.size() == 2);  // from and to
  CHECK(report.mistakes.at(0).line == line_of("from = \"sunset-15\""));
  CHECK(report.mistakes.at(0).message.find("coordinates in [site]") != std::string::npos);
}

TEST_CASE("a gate that waits for the end of a visit can never open, and is refused at its procedure") {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "own.toml") << replaced(text_of(config + "/sop/office-general.toml"),
                                                 "\"screening\", \"decision:accept\"]", "\"badge_return\"]");
  std::ofstream(folder / "site.toml") << replaced(text_of(config + "/gateway.example.toml"), "sop/office-general.toml",
                                                  "own.toml");
  const SettingsReport report = load_settings(folder / "site.toml", config + "/controllers");
  REQUIRE(report.mistakes.size() == 1);
  CHECK(report.mistakes.at(0).file == folder / "own.toml");
  CHECK(report.mistakes.at(0).key == "gate[1].requires[2]");
  CHECK(report.mistakes.at(0).message.find("badge_return comes only after area office was entered") != std::string::npos);
}

TEST_CASE("a rule that works less well than meant is a warning, and the site is good") {
  const SettingsReport report = load_with("may_pass = [\"leaving\"]", "may_pass = [\"staff\"]");
  CHECK(report.settings);
  const auto warnings = beside_the_accepted_risk(report.warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings.at(0).key == "lockdown everything");
  CHECK(warnings.at(0).line == line_of("id = \"everything\""));
}

TEST_CASE("a procedure's remark is a warning of the site, and a device that its step needs must be there") {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "own.toml") << replaced(
      text_of(config + "/sop/demo.toml"),
      "\"badge\", \"screening\", \"decision:", "\"badge\", \"badge\", \"screening\", \"decision:");
  const std::string demo = replaced(text_of(config + "/demo.toml"), "sop/demo.toml", "own.toml");
  std::ofstream(folder / "site.toml") << demo;
  const SettingsReport remarked = load_settings(folder / "site.toml", config + "/controllers");
  CHECK(remarked.settings);
  REQUIRE(remarked.warnings.size() == 1);
  CHECK(remarked.warnings.at(0).file == folder / "own.toml");
  CHECK(remarked.warnings.at(0).message.ends_with("(same_requirement)"));

  const auto begin = demo.find("[[detector]]"), end = demo.find("# Whom guests come for");
  std::ofstream(folder / "site.toml") << demo.substr(0, begin) + demo.substr(end);
  const SettingsReport refused = load_settings(folder / "site.toml", config + "/controllers");
  CHECK_FALSE(refused.settings);
  REQUIRE(refused.mistakes.size() == 1);
  CHECK(refused.mistakes.at(0).file == folder / "own.toml");
  CHECK(refused.mistakes.at(0).message.ends_with("(missing_device)"));
}

TEST_CASE("mistakes in a procedure and a calendar name their own files, after those of the configuration") {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "own.toml") << replaced(text_of(config + "/sop/office-general.toml"), "executor = \"guard\"",
                                                 "executor = \"guide\"");
  std::ofstream(folder / "days.toml") << "[[holiday]]\nday = \"1 Januari\"\nkind = \"national\"\nname = \"x\"\n";
  std::string text = replaced(text_of(config + "/gateway.example.toml"), "sop/office-general.toml", "own.toml");
  text = replaced(text, "calendars/contoh-2026.toml", "days.toml");
  text = replaced(text, "rewalks = 3", "rewalks = 30");
  std::ofstream(folder / "site.toml") << text;
  const SettingsReport report = load_settings(folder / "site.toml", config + "/controllers");
  REQUIRE(report.mistakes.size() == 4);
  CHECK(report.mistakes.at(0).key == "rules.rewalks");
  CHECK(report.mistakes.at(1).text().rfind(folder / "days.toml:1:1: holiday[0].decree: missing", 0) == 0);
  CHECK(report.mistakes.at(2).text().rfind(folder / "days.toml:2:7: holiday[0].day: ", 0) == 0);
  CHECK(report.mistakes.at(3).file == folder / "own.toml");
}

TEST_CASE("a site without any of the new keys has every rule switched off") {
  const auto settings = load_settings(config + "/demo.toml", config + "/controllers").settings;
  REQUIRE(settings);
  const SiteConfig &site = settings->site, none{};
  CHECK(site.areas.at(1).passback == Passback::off);
  CHECK(site.areas.at(1).escort_gap == Area{}.escort_gap);
  CHECK(site.rules.ask_again == none.rules.ask_again);
  CHECK(site.rules.screening_deviation == none.rules.screening_deviation);
  CHECK(site.rules.passback_reset == none.rules.passback_reset);
  CHECK(site.hours.close_of_day == none.hours.close_of_day);
  CHECK((site.hours.rules.empty() && site.interlocks.empty() && site.lockdowns.empty() && site.post_readers.empty()));
}
