// SPDX-License-Identifier: Apache-2.0
// The disk fails at the n-th write, sync, open or truncation of a whole visit on the real daemon, once or from there on: no
// grant afterwards, the post says what to do, nothing that was acknowledged is lost, and an officer's act or a restart
// brings it back.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "fault_injector.h"
#include "journal_witness.h"
#include "small_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::tests;
using namespace std::chrono_literals;

namespace {

struct Fault {
  std::uint64_t call;
  int error;
  bool sticky;
  bool by_officer;  // how it is brought back
};
std::string text_of(const Fault& fault) {
  return fmt::format("call {}, {}{}{}", fault.call, fault.error == EIO ? "EIO" : "ENOSPC",
                     fault.sticky ? ", sticky" : ", once",
                     fault.by_officer ? ", back by an officer" : ", back by a restart");
}

class FaultyPost {
 public:
  FaultyPost()
      : injector_(data_folder_ / "data", control_ / "faults"), post_({data_folder_ / "data", injector_.environment()}) {
    staff_ = post_.staff_badge();
  }

  // Register, approve, issue, screen, scan, grant, outcome, checkpoint; what was acknowledged on the way is kept.
  // True when nothing failed.
  bool visit() {
    acts_.clear();
    const auto before = post_.try_get("admin", "/api/v1/events?limit=1");
    if (!before) return false;
    const auto newest = before->at("last").to_number<std::int64_t>();
    bool whole = true;
    const auto ask = [&](const char* role, const std::string& path, const json::value& body, const char* type) {
      auto answer = post_.try_post(role, path, body);
      whole = whole && answer.has_value();
      if (answer && *type) acts_.push_back({type, visit_id_of(*answer)});
      return answer;
    };
    auto made = ask("guard", "/api/v1/visits",
                    {{"name", "Tamu Contoh"}, {"purpose", "uji"}, {"whom", "pimpinan"}, {"category", "general"}},
                    "visit_registered");
    if (!made) return false;
    visit_ = std::string(made->at("id").as_string());
    const std::string path = "/api/v1/visits/" + visit_;
    if (auto asked = ask("guard", path + "/ask", json::object{}, "approval_asked"))
      ask("aide", path + "/decision", {{"decision", "accept_now"}, {"version", asked->at("approval_version")}},
          "approval_decided");
    const auto badge = ask("guard", path + "/badge", json::object{}, "");
    if (badge) acts_.push_back({"badge_issued", visit_});
    ask("guard", path + "/screening", {{"result", "clear"}}, "screening_recorded");
    if (badge && whole) {
      whole = post_.opens(1, std::string(badge->at("token").as_string()), [this] { return !granting(); });
      // The outcome: the guest walked, and the visit's events say so.
      const auto walked = [&] {
        const auto events =
            post_.try_get("admin", fmt::format("/api/v1/events?limit=500&type=access_taken&after={}", newest));
        if (!events) return false;
        for (const auto& one : events->at("events").as_array())
          if (one.at("visit").is_string() && one.at("visit").as_string() == visit_) return true;
        return !granting();
      };
      whole = whole && wait_until(walked);
    }
    ask("admin", "/api/v1/log/checkpoint", json::object{}, "");
    return whole;
  }

  bool granting() {
    const auto status = post_.try_get("admin", "/api/v1/status");
    return status && status->at("granting").as_bool();
  }

  // One fault from a sound post to a sound post. What went wrong with it; empty when all is well.
  std::vector<std::string> suffer(const Fault& fault) {
    std::vector<std::string> wrong;
    injector_.arm(fault.call, fault.error, fault.sticky);
    (void)visit();
    const auto note = [&](const std::string& what) {
      wrong.push_back(text_of(fault) + " (" + injector_.first() + "): " + what);
    };
    if (injector_.failed() == 0) {
      injector_.disarm();
      return wrong;
    }
    ++struck_;
    const auto pulses = post_.pulses_at(2);
    if (injector_.in_journal() > 0) {
      // The stop is reported at once, with a sentence; and no badge opens.
      if (!wait_until([&] { return !granting(); })) note("granting goes on");
      const auto status = post_.try_get("guard", "/api/v1/status");
      if (!status || status->at("why_not").as_array().empty()) note("the post does not say why it grants nothing");
      if (!post_.refuses(2, staff_)) note("a badge was ordered to open after the disk failed");
    }
    injector_.disarm();
    bring_back(fault, note);
    if (post_.pulses_at(2) != pulses) note("a coil moved after the disk failed");
    JournalWitness witness;
    witness.read(post_.database());
    witness.expect(acts_);
    witness.verify(post_.database());
    for (const auto& what : witness.violations()) note(what);
    if (!granting()) note("it does not grant again");
    if (!post_.opens(2, staff_)) note("a good badge opens nothing afterwards");
    return wrong;
  }

  std::uint64_t calls() const { return injector_.calls(); }
  FaultInjector& injector() { return injector_; }
  int struck() const { return struck_; }

 private:
  static std::string visit_id_of(const json::value& answer) {
    const auto* id = answer.as_object().if_contains("id");
    return id && id->is_string() ? std::string(id->as_string()) : "";
  }

  template <class Note>
  void bring_back(const Fault& fault, const Note& note) {
    if (fault.by_officer && !granting()) {
      const auto resumed = post_.try_post("guard", "/api/v1/granting/resume", {{"reason", "ruang disk sudah dikosongkan"}});
      if (!resumed) return note("the officer's act is refused: " + resumed.error().message);
    } else {
      post_.end(SIGKILL);
      post_.start();
    }
    try {
      post_.wait_ready();
    } catch (const std::exception& error) {
      note(error.what());
    }
  }

  TemporaryFolder data_folder_, control_;
  FaultInjector injector_;
  SmallPost post_;
  std::string staff_, visit_;
  std::vector<JournalWitness::Act> acts_;
  int struck_ = 0;
};

void suffer_all(FaultyPost& post, const std::vector<Fault>& faults) {
  const auto began = std::chrono::steady_clock::now();
  for (const auto& fault : faults) {
    const auto wrong = post.suffer(fault);
    for (const auto& what : wrong) UNSCOPED_INFO(what);
    REQUIRE(wrong.empty());
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  fmt::print("{} faults, {} of them struck, {:.1f} s\n", faults.size(), post.struck(), seconds);
}

// The backup's own disk fails at its n-th call: an error with words, no file that could be taken for a backup, and the
// gateway knows nothing of it. With `call` 0 it must be whole.
struct BackupRun {
  int code = 0;
  std::uint64_t calls = 0, failed = 0;
  bool file = false;
  std::string said;
};
BackupRun back_up(SmallPost& post, std::uint64_t call, int error) {
  const TemporaryFolder stick, control;
  FaultInjector injector(stick.path(), control / "faults");
  injector.arm(call, error, true);
  std::ofstream(control / "passphrase") << "kata sandi uji yang panjang\n";
  const std::string file = stick / "cadangan";
  std::vector<std::string> words{"/usr/bin/env"};
  for (auto& one : injector.environment()) words.push_back(one);
  words.push_back("ASAN_OPTIONS=verify_asan_link_order=0");
  for (const std::string& word : {std::string(GAPURA_BINARY_DIR "/gapura"), std::string("backup"), file,
                                  std::string("--key"), control / "passphrase", std::string("--data"), post.data()})
    words.push_back(word);
  BackupRun run;
  ChildProcess command(words, control / "said");
  run.code = command.wait();
  run.said = command.output();
  run.calls = injector.calls();
  run.failed = injector.failed();
  run.file = std::filesystem::exists(file);
  return run;
}

void back_up_all(std::uint64_t step) {
  SmallPost post;
  const BackupRun whole = back_up(post, 0, 0);
  INFO(whole.said);
  REQUIRE(whole.code == 0);
  REQUIRE(whole.file);
  REQUIRE(whole.calls >= 4);
  for (std::uint64_t call = 1; call <= whole.calls; call += step) {
    const BackupRun run = back_up(post, call, call % 2 ? EIO : ENOSPC);
    CAPTURE(call, run.said);
    REQUIRE(run.failed > 0);
    CHECK(run.code != 0);
    CHECK_FALSE(run.file);
    CHECK_FALSE(run.said.empty());
  }
  fmt::print("a backup makes {} calls that write\n", whole.calls);
  CHECK(post.get("admin", "/api/v1/status").at("granting").as_bool());
  CHECK(post.opens(2, post.staff_badge()));
}

}  // namespace

TEST_CASE("a backup onto a failing disk is an error and no file, and the gateway goes on", "[fault]") { back_up_all(3); }
TEST_CASE("a backup fails at each of its calls", "[.long][fault]") { back_up_all(1); }

TEST_CASE("the disk fails at some of the calls of a visit: no grant, nothing lost, and back", "[fault]") {
  FaultyPost post;
  post.injector().arm(0, 0, false);
  REQUIRE(post.visit());
  const auto calls = post.calls();
  fmt::print("a visit makes {} calls that write\n", calls);
  REQUIRE(calls > 60);
  std::mt19937 random(6);
  std::vector<Fault> faults;
  for (int i = 0; i < 16; ++i)
    faults.push_back({1 + random() % calls, i % 2 ? EIO : ENOSPC, i / 2 % 2 == 1, i / 4 % 2 == 1});
  suffer_all(post, faults);
  CHECK(post.struck() >= 13);
}

TEST_CASE("the disk fails at every call of a visit, once and for good, broken and full", "[.long][fault]") {
  FaultyPost post;
  post.injector().arm(0, 0, false);
  REQUIRE(post.visit());
  const auto calls = post.calls();
  std::vector<Fault> faults;
  for (std::uint64_t call = 1; call <= calls; ++call)
    for (const int error : {EIO, ENOSPC})
      for (const bool sticky : {false, true}) faults.push_back({call, error, sticky, (call + (sticky ? 1 : 0)) % 2 == 0});
  suffer_all(post, faults);
  CHECK(post.struck() >= static_cast<int>(faults.size() * 9 / 10));
}
