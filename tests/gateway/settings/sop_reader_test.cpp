// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings/sop_reader.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "models/base/sha256.h"
#include "support/temporary_folder.h"

using namespace gapura;
using namespace gapura::gateway;

namespace {

// A small procedure without a mistake, as lines, so that a test replaces one and knows its number.
const std::vector<std::string> good_sop = {
    "[sop]",                                                                                          // 1
    "number = \"SOP-CONTOH/2026\"",                                                                   // 2
    "title = \"Contoh\"",                                                                             // 3
    "revision = 2",                                                                                   // 4
    "effective = 2026-02-01",                                                                         // 5
    "[applies]",                                                                                      // 6
    "categories = [\"general\"]",                                                                     // 7
    "[[step]]",                                                                                       // 8
    "id = \"identity\"",                                                                              // 9
    "activity = \"Mencocokkan\"",                                                                     // 10
    "executor = \"guard\"",                                                                           // 11
    "evidence = \"attested\"",                                                                        // 12
    "time_limit = \"PT2M\"",                                                                          // 13
    "output = \"Cocok\"",                                                                             // 14
    "[[step]]",                                                                                       // 15
    "id = \"decision\"",                                                                              // 16
    "activity = \"Memutuskan\"",                                                                      // 17
    "executor = \"aide\"",                                                                            // 18
    "symbol = \"decision\"",                                                                          // 19
    "evidence = \"system\"",                                                                          // 20
    "event = \"approval.decided\"",                                                                   // 21
    "time_limit = \"PT9M\"",                                                                          // 22
    "output = \"Putus\"",                                                                             // 23
    "branches = { accept_now = \"out\", refer = \"out\", reschedule = \"out\", decline = \"out\" }",  // 24
    "[[step]]",                                                                                       // 25
    "id = \"out\"",                                                                                   // 26
    "activity = \"Melepas\"",                                                                         // 27
    "executor = \"guard\"",                                                                           // 28
    "evidence = \"system\"",                                                                          // 29
    "event = \"visit.departed\"",                                                                     // 30
    "time_limit = \"PT1M\"",                                                                          // 31
    "output = \"Pergi\"",                                                                             // 32
    "[[rule]]",                                                                                       // 33
    "type = \"precedence\"",                                                                          // 34
    "before = \"identity\"",                                                                          // 35
    "after = \"out\"",                                                                                // 36
    "[[rule]]",                                                                                       // 37
    "type = \"limit\"",                                                                               // 38
    "measure = \"members_inside\"",                                                                   // 39
    "max = 3",                                                                                        // 40
    "[[gate]]",                                                                                       // 41
    "area = \"residence\"",                                                                           // 42
    "requires = [\"identity\", \"decision:accept\"]",                                                 // 43
};

std::string sop_with(int line, const std::string& replacement) {
  std::string text;
  for (std::size_t i = 0; i < good_sop.size(); ++i)
    text += (static_cast<int>(i) + 1 == line ? replacement : good_sop[i]) + "\n";
  return text;
}

SopReport load_sop_text(const std::string& text, const std::string& zone = "Asia/Makassar") {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "sop.toml") << text;
  return load_sop(folder / "sop.toml", zone);
}

std::vector<std::string> sop_mistakes(const SopReport& report) {
  std::vector<std::string> lines;
  for (const Mistake& m : report.mistakes) lines.push_back(m.text().substr(m.file.size() + 1));
  return lines;
}

struct BrokenSop {
  int line;
  std::string replacement;
  std::string place, part;  // of the only mistake: where it is, and words of it
};

// The end of the first step, and an attested decision after it.
std::string letter_step(const std::string& branches) {
  return "output = \"Cocok\"\n[[step]]\nid = \"letter\"\nactivity = \"Surat\"\nexecutor = \"guard\"\nevidence = "
         "\"attested\"\n"
         "symbol = \"decision\"\ntime_limit = \"PT1M\"\noutput = \"Jelas\"\n" +
         branches;
}

const std::vector<BrokenSop> broken_sops = {
    {2, "", "1:1: sop.number", "missing"},
    {2, "number = \"\"", "2:10: sop.number", "not empty"},
    {3, "titel = \"Contoh\"\ntitle = \"Contoh\"", "3:1: sop.titel", "did you mean \"title\"?"},
    {5, "effective = \"2026-02-01\"", "5:13: sop.effective", "without quotes"},
    {5, "", "1:1: sop.effective", "missing; expected a date"},
    {5, "effective = 2026-02-01\nreview = 2026-01-01", "6:10: sop.review", "after effective"},
    {7, "categories = []", "7:14: applies.categories", "at least one"},
    {7, "categories = [\"vip\"]", "7:15: applies.categories[0]", "\"general\", \"special\""},
    {7, "categories = [\"general\"]\npostures = [\"alert\"]", "8:13: applies.postures[0]", "\"normal\""},
    {32, "output = \"Pergi\"\n[[step]]\nid = \"end\"\nactivity = \"x\"\nexecutor = \"guard\"\nevidence = \"attested\"",
     "34:6: step[3].id", "nor \"end\""},
    {11, "executor = \"gaurd\"", "11:12: step[0].executor", "\"guard\", \"aide\""},
    {12, "evidence = \"seen\"", "12:12: step[0].evidence", "\"unobservable\""},
    {12, "evidence = \"system\"", "8:1: step[0].event", "one of visit.registered"},
    {12, "evidence = \"attested\"\nevent = \"badge.issued\"", "13:9: step[0].event", "only with evidence = \"system\""},
    {13, "time_limit = \"2 minutes\"", "13:14: step[0].time_limit", "\"PT30S\""},
    {13, "branches = { yes = \"out\", no = \"end\" }", "13:12: step[0].branches", "only with symbol"},
    {14, "output = \"Cocok\"\nsymbol = \"decision\"\nbranches = { yes = \"out\", no = \"out\" }",
     "45:13: gate[0].requires[0]", "this decision with its answer, one of \"identity:yes\", \"identity:no\""},
    {43, "requires = [\"identity:yes\"]", "43:13: gate[0].requires[0]", "the id of a [[step]]"},
    {14, letter_step("branches = { ready = \"out\", no = \"out\" }"), "15:1: step[1].answers", "the sentence of \"ready\""},
    {14, letter_step("branches = { yes = \"out\", no = \"out\" }\nanswers = { ya = \"Ya\" }"), "24:18: step[1].answers.ya",
     "an answer that branches has"},
    {14, letter_step("branches = { yes = \"out\", no = \"out\" }\nanswers = { yes = \"\" }"), "24:19: step[1].answers.yes",
     "not empty"},
    {14, letter_step("branches = { yes = \"out\", no = \"out\" }\nanswers = { yes = 1 }"), "24:19: step[1].answers.yes",
     "a text in quotes"},
    {13, "answers = { yes = \"Ya\" }", "13:11: step[0].answers", "only with symbol"},
    {21, "event = \"approval.decide\"", "21:9: step[1].event", "found \"approval.decide\""},
    {24, "", "15:1: step[1].branches", "at least two"},
    {24, "branches = { accept_now = \"uot\", decline = \"end\" }", "24:27: step[1].branches.accept_now",
     "did you mean \"out\"?"},
    {24, "branches = { accept_now = 3, decline = \"end\" }", "24:27: step[1].branches.accept_now", "a text in quotes"},
    {26, "id = \"out\"\nid2 = 1", "27:1: step[2].id2", "unknown key"},
    {34, "type = \"order\"", "34:8: rule[0].type", "\"precedence\""},
    {35, "before = \"badge\"", "35:10: rule[0].before", "the id of a [[step]]"},
    {35, "before = \"out\"", "36:9: rule[0].after", "another step than before"},
    {35, "before = \"end\"", "35:10: rule[0].before", "the id of a [[step]]"},
    {36, "after = \"out\"\nwithin = \"day\"", "37:10: rule[0].within", "only with type = \"response\""},
    {39, "measure = \"members\"", "39:11: rule[1].measure", "\"members_inside\""},
    {40, "max = 0", "40:7: rule[1].max", "1 to 10000"},
    {40, "", "37:1: rule[1].max", "missing"},
    {43, "requires = []", "43:12: gate[0].requires", "not empty"},
    {43, "requires = [\"decision:acept\"]", "43:13: gate[0].requires[0]", "\"decision:accept\""},
    {43, "requires = [\"out\"]\n[[gate]]\narea = \"residence\"\nrequires = [\"out\"]", "45:8: gate[1].area", "no other"},
};

}  // namespace

TEST_CASE("a procedure without a mistake arrives whole, from local midnight of its date") {
  const SopReport report = load_sop_text(sop_with(0, ""));
  CHECK(sop_mistakes(report) == std::vector<std::string>{});
  CHECK(report.warnings.empty());
  REQUIRE(report.sop);
  const Sop& sop = *report.sop;
  CHECK(sop.id == "SOP-CONTOH/2026#2");
  CHECK(format_rfc3339(sop.effective, std::chrono::minutes(480)) == "2026-02-01T00:00:00.000+08:00");
  CHECK(sop.steps.at(0).time_limit == Millis(120'000));
  CHECK(sop.steps.at(1).branches.size() == 4);
  CHECK(sop.rules.at(1).max == 3);
  CHECK(sop.gates.at(0).requires_ == std::vector<std::string>{"identity", "decision:accept"});
  const Hash hash = sha256(sop_with(0, ""));
  CHECK(sop.hash == to_hex(as_bytes(hash)));
}

TEST_CASE("an attested decision has its answers with their sentences, in the file's order") {
  const SopReport report = load_sop_text(sop_with(
      14, letter_step("branches = { yes = \"decision\", sick = \"out\", no = \"out\" }\nanswers = { sick = \"Sakit\" }")));
  CHECK(sop_mistakes(report) == std::vector<std::string>{});
  REQUIRE(report.sop);
  using Answers = std::vector<std::pair<std::string, std::string>>;
  CHECK(report.sop->steps.at(1).answers == Answers{{"yes", "Ya"}, {"sick", "Sakit"}, {"no", "Tidak"}});
  CHECK(report.sop->steps.at(2).answers.empty());  // the aide's decision has its own
}

TEST_CASE("a midnight that summer time skips is the day's first instant") {
  // Beirut's clocks went from 00:00 to 01:00 on 2021-03-28.
  const SopReport report = load_sop_text(sop_with(5, "effective = 2021-03-28"), "Asia/Beirut");
  REQUIRE(report.sop);
  CHECK(format_rfc3339(report.sop->effective, std::chrono::minutes(180)) == "2021-03-28T01:00:00.000+03:00");
}

TEST_CASE("every mistake of a procedure is named with its place and what was expected") {
  for (const BrokenSop& broken : broken_sops) {
    CAPTURE(broken.line, broken.replacement);
    const SopReport report = load_sop_text(sop_with(broken.line, broken.replacement));
    CHECK_FALSE(report.sop);
    const std::vector<std::string> found = sop_mistakes(report);
    CAPTURE(found);
    REQUIRE(found.size() == 1);
    CHECK(found[0].rfind(broken.place + ": ", 0) == 0);
    CHECK(found[0].find(broken.part) != std::string::npos);
  }
}

TEST_CASE("two steps with one id, and no steps at all, are mistakes") {
  const SopReport twice = load_sop_text(sop_with(32,
                                                 "output = \"Pergi\"\n[[step]]\nid = \"identity\"\nactivity = \"x\"\n"
                                                 "executor = \"guard\"\nevidence = \"attested\""));
  REQUIRE(twice.mistakes.size() == 1);
  CHECK(twice.mistakes.at(0).text().find(":34:6: step[3].id: expected an id that no other step has") != std::string::npos);
  const SopReport empty = load_sop_text(
      "[sop]\nnumber = \"x\"\ntitle = \"x\"\neffective = 2026-01-01\n[applies]\ncategories = [\"general\"]\n");
  REQUIRE(empty.mistakes.size() == 1);
  CHECK(empty.mistakes.at(0).message.find("[[step]]") != std::string::npos);
}
