// SPDX-License-Identifier: Apache-2.0
// Pictures of one one-time badge at all lanes within ten milliseconds: one entry, ten thousand times.
#include <catch2/catch.hpp>

#include "gateway/core/core.h"
#include "gateway/simulation/disk.h"
#include "gateway/simulation/site.h"
#include "gateway/store/site_store.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::simulation;

namespace {

constexpr int lanes = 4;

class HandClock : public Clock {
 public:
  Now now() override { return now_; }
  void pass(Millis time) { now_.utc += time, now_.boot += time; }

 private:
  Now now_{UtcTime(Millis(1'767'578'400'000)), BootTime(Millis(5000)), ClockQuality::ok, std::chrono::minutes(420)};
};

class Pulses : public OrderSink {
 public:
  void pulse(std::uint64_t intent, const std::string& signal, Millis, BootTime) override {
    seen.emplace_back(intent, signal);
  }
  void keep_still(std::uint64_t, const KeepStillOut&) override {}
  void take_still(std::uint64_t, const TakeStillOut&) override {}
  std::vector<std::pair<std::uint64_t, std::string>> seen;
};

SiteConfig four_lanes() {
  SiteConfig site = make_site(1);
  for (auto& area : site.areas) area.passback = Passback::off, area.limit = 0;  // nothing else may deny here
  site.rules.screening_valid = Millis(0);
  for (int number = 3; number <= lanes; ++number) {
    const std::string name = std::to_string(number), lane = "lane" + name;
    PortalConfig portal = site.portals.front();
    portal.id = PortalId("lane-" + name);
    portal.entry_release = lane + ".release_in", portal.exit_release = lane + ".release_out";
    portal.entry_passage = lane + ".passage_in", portal.exit_passage = lane + ".passage_out";
    AccessPointConfig point = site.points.front();
    point.id = AccessPointId("lane-" + name + ".in"), point.portal = portal.id, point.reader = ReaderId(point.id.str());
    site.portals.push_back(portal);
    site.points.push_back(point);
  }
  return site;
}

class Post {
 public:
  explicit Post(std::uint64_t seed) : random(seed), disk_(seed) {
    auto database = Database::open_writer("/data/gapura.db", disk_.vfs());
    REQUIRE(database);
    auto store = open_site_store({.database = std::move(*database), .boot_id = "boot1"});
    REQUIRE(store);
    auto opened = Core::open({.site = site,
                              .clock = clock,
                              .randomness =
                                  [this](std::span<std::uint8_t> bytes) {
                                    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next() >> 32);
                                  },
                              .store = std::move(*store),
                              .orders = pulses},
                             "test");
    REQUIRE(opened);
    core = std::move(*opened);
    for (const auto& signal : all_signals(site)) level(signal, Level::off);
  }
  Reply must(Command command, const char* role) {
    Result<Reply> answer = fail(ErrorKind::bug, "never answered");
    core->handle(CommandInput{std::move(command), Actor{UserId(role), find_word<Role>(role)},
                              [&](Result<Reply> r) { answer = std::move(r); }});
    if (!answer) FAIL(answer.error().message);
    return *answer;
  }
  void level(const std::string& signal, Level value) { core->handle(LevelReport{signal, value, clock.now().boot}); }
  // All lanes, in any order, within ten milliseconds.
  void scan_everywhere(const std::string& token) {
    int order[lanes] = {1, 2, 3, 4};
    for (int i = lanes - 1; i > 0; --i) std::swap(order[i], order[random.below(i + 1)]);
    for (const int lane : order) {
      clock.pass(Millis(random.below(3)));
      core->handle(BadgeRead{ReaderId("lane-" + std::to_string(lane) + ".in"), {token}, clock.now().boot, nullptr});
    }
  }

  const SiteConfig site = four_lanes();
  HandClock clock;
  Pulses pulses;
  simulation::Random random;

 private:
  Disk disk_;  // outlives the core, which holds the database
 public:
  std::unique_ptr<Core> core;
};

}  // namespace

TEST_CASE("ten thousand one-time badges at four lanes within ten milliseconds: one entry each") {
  Post post(42);
  int rounds_wrong = 0, walked = 0;
  for (int round = 0; round < 10'000; ++round) {
    // A name of their own: a registration looks at every namesake.
    GuestForm form{"Tamu Contoh " + std::to_string(round), "", "", "uji", "pimpinan", "general", ""};
    const VisitId visit(post.must(RegisterVisit{form, false}, "guard").id);
    post.must(AskAide{visit}, "guard");
    post.must(DecideVisit{visit, AideDecision::accept_now, 0, "", 1, false}, "aide");
    const Reply badge = post.must(IssueBadge{visit, "", 0, 1}, "guard");
    post.must(RecordScreening{visit, Screening::clear, "", false}, "guard");

    post.pulses.seen.clear();
    post.scan_everywhere(badge.token);
    const std::size_t at_once = post.pulses.seen.size();
    const auto [intent, signal] = at_once > 0 ? post.pulses.seen.front() : std::pair<std::uint64_t, std::string>();
    post.core->handle(PulseReport{intent, PulseOutcome::acknowledged, Level::on, "", post.clock.now().boot});
    post.clock.pass(Millis(400));
    const std::string passage = signal.substr(0, signal.find('.')) + ".passage_in";
    post.level(passage, Level::on), post.level(passage, Level::off);
    post.clock.pass(Millis(3000));
    post.scan_everywhere(badge.token);  // it was used: nothing more
    if (at_once != 1 || post.pulses.seen.size() != 1) ++rounds_wrong;
    const Visit* seen = post.core->gate().state().find_visit(visit);
    if (seen && seen->presence == Presence::waiting_room) ++walked;
    post.must(CloseVisit{visit, VisitState::departed, "uji"}, "guard");
    post.clock.pass(Millis(1000));
  }
  CHECK(rounds_wrong == 0);
  CHECK(walked == 10'000);
}
