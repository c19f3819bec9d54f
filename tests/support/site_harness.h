// SPDX-License-Identifier: Apache-2.0
// A whole core in one thread: virtual clock, seeded randomness, orders recorded instead of sent. Its storage is a
// parameter: memory_site.h and sqlite_site.h.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <functional>
#include <random>

#include "gateway/core/core.h"
#include "support/entry_fields.h"

namespace gapura::tests {

using namespace gapura::gateway;

class VirtualClock : public Clock {
 public:
  Now now() override { return now_; }
  void pass(Millis time) { now_.utc += time, now_.boot += time; }
  Now now_{UtcTime(Millis(1'795'000'000'000)), BootTime(Millis(1'000'000)), ClockQuality::ok, std::chrono::minutes(480)};
};

struct RecordedPulse {
  std::uint64_t intent;
  std::string signal;
  Millis length;
  BootTime deadline;
};

class RecordedOrders : public OrderSink {
 public:
  void pulse(std::uint64_t intent, const std::string& signal, Millis length, BootTime deadline) override {
    if (on_pulse) on_pulse(intent);
    pulses.push_back({intent, signal, length, deadline});
  }
  void keep_still(std::uint64_t entry, const KeepStillOut&) override { kept.push_back(entry); }
  void take_still(std::uint64_t entry, const TakeStillOut& order) override { taken.emplace_back(entry, order.role); }
  void print(std::uint64_t entry, const PrintBadgeOut& order) override { prints.emplace_back(entry, order); }
  void restart() override { ++restarts; }
  std::function<void(std::uint64_t)> on_pulse;
  int restarts = 0;
  std::vector<RecordedPulse> pulses;
  std::vector<std::uint64_t> kept;
  std::vector<std::pair<std::uint64_t, std::string>> taken;
  std::vector<std::pair<std::uint64_t, PrintBadgeOut>> prints;
};

inline SiteConfig demo_site() {
  SiteConfig site;
  site.areas = {{AreaId("outside"), ""}, {AreaId("waiting_room"), ""}, {AreaId("residence"), ""}};
  PortalConfig gate;
  gate.id = PortalId("gate");
  gate.kind = PortalKind::turnstile;
  gate.entry_release = "gate1.release_in", gate.exit_release = "gate1.release_out";
  gate.entry_passage = "gate1.passage_in", gate.exit_passage = "gate1.passage_out";
  PortalConfig door;
  door.id = PortalId("door");
  door.lock = "door1.lock", door.contact = "door1.contact", door.rex = "door1.rex", door.passage = "door1.passage";
  site.portals = {gate, door};
  AccessPointConfig in;
  in.id = AccessPointId("gate.in"), in.portal = gate.id, in.from = AreaId("outside"), in.to = AreaId("waiting_room");
  in.reader = ReaderId("r-in"), in.needs_decision = in.needs_screening = true;
  AccessPointConfig out = in;
  out.id = AccessPointId("gate.out"), out.direction = Direction::exit, out.from = AreaId("waiting_room"),
  out.to = AreaId("outside");
  out.reader = ReaderId("r-out"), out.needs_decision = out.needs_screening = false;
  AccessPointConfig inner = in;
  inner.id = AccessPointId("door.in"), inner.portal = door.id, inner.from = AreaId("waiting_room"),
  inner.to = AreaId("residence");
  inner.reader = ReaderId("r-door");
  site.points = {in, out, inner};
  DetectorConfig detector;
  detector.id = DetectorId("wtmd"), detector.alarm = "wtmd1.alarm", detector.passage = "wtmd1.passage";
  site.detectors = {detector};
  return site;
}

inline std::vector<std::string> reasons(const Entry& entry) {
  for (const auto& [key, value] : entry.data)
    if (key == "reasons") return std::get<std::vector<std::string>>(value);
  return {};
}

// `File` has open_store(), which may be called again after the store is gone, journal(): every committed entry, and note():
// the erasable words of an entry. Thread: one.
template <class File>
class Harness : public File {
 public:
  template <class... FileParts>
  explicit Harness(SiteConfig config = demo_site(), unsigned seed = 1, FileParts&&... parts)
      : File(std::forward<FileParts>(parts)...), site(std::move(config)), random_(seed) {
    open();
  }

  // As at a start of the process; a previous core ends without closing (a crash) unless closed before.
  void open() {
    core.reset();
    auto opened = Core::open({.site = site,
                              .clock = clock,
                              .randomness =
                                  [this](std::span<std::uint8_t> bytes) {
                                    for (auto& b : bytes) b = static_cast<std::uint8_t>(random_());
                                  },
                              .store = this->open_store(),
                              .orders = orders,
                              .release_reserve =
                                  [this] {
                                    if (on_reserve) on_reserve();
                                  }},
                             "test");
    if (!opened) FAIL(opened.error().message);
    core = std::move(*opened);
    for (const char* signal : {"gate1.release_in", "gate1.release_out", "gate1.passage_in", "gate1.passage_out",
                               "door1.lock", "door1.contact", "door1.rex", "door1.passage", "wtmd1.alarm", "wtmd1.passage"})
      level(signal, Level::off);
  }

  Result<Reply> ask(Command command, const std::string& role = "guard") {
    Result<Reply> answer = fail(ErrorKind::bug, "never answered");
    core->handle(CommandInput{std::move(command), Actor{UserId("u-" + role), find_word<Role>(role)},
                              [&](Result<Reply> r) { answer = std::move(r); }});
    return answer;
  }
  Reply must(Command command, const std::string& role = "guard") {
    auto answer = ask(std::move(command), role);
    if (!answer) FAIL(answer.error().message);
    return *answer;
  }
  void level(const std::string& signal, Level value) { core->handle(LevelReport{signal, value, clock.now_.boot}); }
  void blip(const std::string& signal) { level(signal, Level::on), level(signal, Level::off); }
  void scan(const std::string& reader, std::vector<std::string> payloads) {
    core->handle(BadgeRead{ReaderId(reader), std::move(payloads), clock.now_.boot, nullptr});
  }
  // The controller's report; then the person needs time to walk.
  void pulse_done(PulseOutcome outcome = PulseOutcome::acknowledged) {
    core->handle(PulseReport{orders.pulses.back().intent, outcome, Level::on, "", clock.now_.boot});
    clock.pass(Millis(400));
  }
  void pass(Millis time) { clock.pass(time), core->tick(); }

  VisitId register_guest(const std::string& name = "Tamu Contoh 01", const std::string& phone = "") {
    return VisitId(must(RegisterVisit{name, phone, "", "uji", "pimpinan", "general", ""}).id);
  }
  void accept(const VisitId& visit) {
    must(AskAide{visit});
    must(DecideVisit{visit, AideDecision::accept_now, 0, "", core->gate().state().find_visit(visit)->approval_version,
                     false},
         "aide");
  }
  // Returns a guest who is registered, accepted and cleared, with a badge: (badge, token).
  std::pair<BadgeId, std::string> ready_guest(VisitId* visit = nullptr) {
    const VisitId id = register_guest();
    accept(id);
    const Reply badge = must(IssueBadge{id, "", 0});
    must(RecordScreening{id, Screening::clear, ""});
    if (visit) *visit = id;
    return {BadgeId(badge.id), badge.token};
  }

  Entry last(EventType type) const {
    const auto entries = this->journal();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
      if (entry->type == type) return *entry;
    FAIL("no entry of type " << word(type));
    return {};
  }
  std::size_t count(EventType type) const {
    const auto entries = this->journal();
    return static_cast<std::size_t>(
        std::count_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.type == type; }));
  }

  const Visit& visit(const VisitId& id) const { return *core->gate().state().find_visit(id); }
  const SiteFacts& facts() const { return core->gate().state().facts; }
  // Moves a guest through a point, with all reports of the controller and the passage input.
  void walk(const std::string& reader, const std::string& token, const std::string& passage) {
    scan(reader, {token});
    pulse_done();
    blip(passage);
  }
  std::vector<std::string> denied() const { return reasons(last(EventType::access_denied)); }

  SiteConfig site;
  VirtualClock clock;
  RecordedOrders orders;
  std::function<void()> on_reserve;
  std::unique_ptr<Core> core;

 private:
  std::mt19937 random_;
};

template <class File>
std::size_t open_visits(const Harness<File>& site) {
  const auto& visits = site.core->gate().state().visits;
  return static_cast<std::size_t>(
      std::count_if(visits.begin(), visits.end(), [](const auto& v) { return !v.second.closed; }));
}

// Returns the kind of a refusal; empty: none.
inline std::string problem(const Result<Reply>& answer) { return answer ? "" : word(answer.error().kind); }

}  // namespace gapura::tests
