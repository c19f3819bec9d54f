// SPDX-License-Identifier: Apache-2.0
// gapura check, gapura sop check, gapura sop show, gapura sop report: files without a daemon.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "gateway/cli/commands.h"
#include "gateway/journal/database.h"
#include "shell.h"

using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

const std::string config = std::string(GAPURA_SOURCE_DIR) + "/config";

Run run(int (*command)(const Terminal&, const std::string&), const std::string& file, bool json = false) {
  std::ostringstream out, err;
  const int code = command({out, err, json}, file);
  return {code, out.str(), err.str()};
}

std::string example_with(const std::string& from, const std::string& to) {
  std::ifstream stream(config + "/gateway.example.toml");
  std::string text((std::istreambuf_iterator<char>(stream)), {});
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("check refuses a rule that can never work, with its place and the reason") {
  const TemporaryFolder folder;
  setenv("GAPURA_SHARE", config.c_str(), 1);
  std::ofstream(folder / "site.toml") << example_with("escorts = true", "escorts = false");
  const Run result = run(check_file, folder / "site.toml");
  CHECK(result.code == 2);
  CHECK(has(result.err, "area office: ordered escort needs at least one [[host]]"));
  CHECK(has(result.err, "1 mistake\n"));
  CHECK(result.out == "");
  unsetenv("GAPURA_SHARE");
}

TEST_CASE("check prints warnings and still says that there is no mistake") {
  const TemporaryFolder folder;
  setenv("GAPURA_SHARE", config.c_str(), 1);
  std::ofstream(folder / "site.toml") << example_with("may_pass = [\"leaving\"]", "may_pass = [\"staff\"]");
  const Run text = run(check_file, folder / "site.toml");
  CHECK(text.code == 0);
  CHECK(has(text.err, "warning: " + (folder / "site.toml") + ":"));
  CHECK(has(text.err, "lockdown everything"));
  CHECK(has(text.out, "no mistakes"));
  const auto data = boost::json::parse(run(check_file, folder / "site.toml", true).out).as_object();
  CHECK(data.at("ok").as_bool());
  CHECK(data.at("warnings").as_array().size() == 2);  // the other is the accepted risk that the example shows
  unsetenv("GAPURA_SHARE");
}

TEST_CASE("sop check ends with 0 for the samples, and with 2 and every mistake for a broken one") {
  for (const char* name : {"office-general", "office-special", "residence-general", "residence-special"}) {
    const Run good = run(check_sop, config + "/sop/" + name + ".toml");
    CHECK(good.code == 0);
    CHECK(good.err == "");
    CHECK(has(good.out, "SOP-CONTOH-0"));
  }
  const TemporaryFolder folder;
  std::ofstream(folder / "sop.toml") << "[sop]\nnumber = 3\ncolour = 1\n";
  const Run broken = run(check_sop, folder / "sop.toml");
  CHECK(broken.code == 2);
  CHECK(has(broken.err, (folder / "sop.toml") + ":2:10: sop.number: expected a text"));
  CHECK(has(broken.err, (folder / "sop.toml") + ":3:1: sop.colour: unknown key"));
  CHECK(run(check_sop, folder / "none.toml").code == 2);
}

TEST_CASE("sop check prints what a procedure cannot mean, and what is only doubtful as a warning") {
  const Run draft = run(check_sop, GAPURA_SOURCE_DIR "/tests/data/sop/forgets-badge.toml");
  CHECK(draft.code == 2);
  CHECK(has(draft.err, ":84:9: step[6].event: on the path badge -> "));
  CHECK(has(draft.err, "(badge_not_returned)\n"));
  const TemporaryFolder folder;
  std::ifstream stream(config + "/sop/residence-general.toml");
  std::string text((std::istreambuf_iterator<char>(stream)), {});
  const std::string gate = "requires = [\"identity\", \"badge\"";
  std::ofstream(folder / "sop.toml") << text.replace(text.find(gate), gate.size(), gate + ", \"identity\"");
  const Run remarked = run(check_sop, folder / "sop.toml");
  CHECK(remarked.code == 0);
  CHECK(has(remarked.err, "warning: " + (folder / "sop.toml") + ":"));
  CHECK(has(remarked.err, "gate[0].requires[2]: says the same as identity"));
  CHECK(has(remarked.out, "no mistakes"));
  const auto data = boost::json::parse(run(check_sop, folder / "sop.toml", true).out).as_object();
  CHECK(data.at("ok").as_bool());
  CHECK(data.at("warnings").as_array().size() == 1);
}

TEST_CASE("sop show prints the steps in order with executor, evidence and limit, then rules and gates") {
  const Run shown = run(show_sop, config + "/sop/residence-general.toml");
  CHECK(shown.code == 0);
  const auto screening = shown.out.find("system: checkpoint.disposed"), waiting = shown.out.find("waiting");
  REQUIRE(screening != std::string::npos);
  CHECK(screening < waiting);
  CHECK(has(shown.out, "PT10M"));
  CHECK(has(shown.out, "\n19  departure"));  // branches do not count
  CHECK(has(shown.out, "decline -> deposit_return"));
  CHECK(has(shown.out, "rule: screening before waiting"));
  CHECK(has(shown.out, "rule: members_inside at most 3 unless aide_permission"));
  CHECK(has(shown.out, "gate: residence needs identity, badge, screening, decision:accept"));
  CHECK(run(show_sop, config + "/demo.toml").code == 2);
}

TEST_CASE("sop report judges what a data folder has, and says what is wrong with what it is given") {
  const TemporaryFolder folder;
  setenv("GAPURA_SHARE", config.c_str(), 1);
  REQUIRE(Database::open_writer(folder / "gapura.db"));
  SopQuestion asked{.config = config + "/demo.toml", .data = folder.path()};
  const auto report = [&](bool json = false) {
    std::ostringstream out, err;
    const int code = report_sop({out, err, json}, asked);
    return Run{code, out.str(), err.str()};
  };
  CHECK(report().code == 0);
  CHECK(report().out == "No visit of the last 30 days is under a procedure.\n");
  CHECK(report(true).out == "{\"days\":30,\"procedures\":[]}\n");
  asked.draft = GAPURA_SOURCE_DIR "/tests/data/sop/" + std::string("forgets-badge.toml");
  CHECK(report().code == 2);
  CHECK(has(report().err, "badge_not_returned"));
  asked.draft = "";
  asked.data = folder / "elsewhere";
  CHECK(report().code == 1);
  CHECK(has(report().err, "elsewhere/gapura.db"));
  unsetenv("GAPURA_SHARE");
}
