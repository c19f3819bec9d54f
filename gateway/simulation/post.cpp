// SPDX-License-Identifier: Apache-2.0
#include "gateway/simulation/people.h"

namespace gapura::simulation {

using namespace std::chrono_literals;
using namespace gapura::gateway;

namespace {

bool try_again_later(const Result<Reply>& answer) {
  return !answer && (answer.error().kind == ErrorKind::unavailable || answer.error().kind == ErrorKind::storage);
}

// A guest without a number is known only by name: the gateway asks who it is, and this answers.
template <class Asked>
Result<Reply> ask_for_guest(Machine& machine, Asked asked, Role role) {
  auto answer = machine.ask(asked, role);
  if (answer || answer.error().kind != ErrorKind::same_person) return answer;
  asked.person = answer.error().ids.front();
  return machine.ask(asked, role);
}

}  // namespace

void People::queue_for_guard(Millis takes, std::function<void()> action) {
  guard_busy_ = std::max(guard_busy_, queue_.now()) + takes;
  queue_.at(guard_busy_, std::move(action));
}

// ---- The way in

// A plan and the arrival become one visit, in whichever order they come.
void People::plan(Guest& guest) {
  const UtcTime now = machine_.core() ? machine_.now().utc : UtcTime();
  const PlanVisit plan{form_of(guest), now, now + 3h};
  const auto answer = ask_for_guest(machine_, plan, Role::aide);
  if (answer && !guest.has("no_phone")) guest.planned = VisitId(answer->id), guest.planned_for = now;
}

GuestForm People::form_of(const Guest& guest) const {
  GuestForm form{"Tamu Contoh " + std::to_string(guest.number), "", "Instansi Contoh", "uji", "pimpinan",
                 guest.has("special") ? "special" : "general",  ""};
  if (!guest.has("no_phone")) form.phone = "0800-000-" + std::to_string(1000 + guest.number);
  form.party = guest.bodies.at("outside");
  return form;
}

void People::register_guest(Guest& guest) {
  const GuestForm form = form_of(guest);
  const auto answer = ask_for_guest(machine_, RegisterVisit{form, false}, Role::guard);
  if (try_again_later(answer)) return queue_for_guard(60s, [this, &guest] { register_guest(guest); });
  if (!answer) {  // still open from before: the badge was never returned
    guest.done = true;
    return;
  }
  ++visits_;
  guest.visit = VisitId(answer->id);
  const bool same_day =
      machine_.core() && machine_.now().utc >= guest.planned_for - 12h && machine_.now().utc <= guest.planned_for + 12h;
  if (!same_day) guest.planned = VisitId();
  if (!guest.has("no_phone")) checks_.registered(form.name, guest.visit, std::exchange(guest.planned, {}));
  checks_.moved(guest.name(), guest.bodies);
  // The form counts the people at the post: one of the party who slipped in before is in no count.
  const auto elsewhere = [](const auto& place) { return place.first != "outside" && place.second > 0; };
  if (std::any_of(guest.bodies.begin(), guest.bodies.end(), elsewhere)) checks_.mark_unknown(guest.name());
  if (guest.has("deposits") || guest.has("forgets_item")) give_item(guest);
  tick_off(guest, {"greet", "identity", "rules"}, 850);
  queue_for_guard(guest.random.between(5s, 20s), [this, &guest] { ask_aide(guest); });
}

void People::give_item(Guest& guest) {
  const auto answer = machine_.ask(DepositItem{guest.visit, "telepon", "7", "3"}, Role::guard);
  if (answer) guest.deposit = answer->id;
}

void People::hand_item_back(Guest& guest) {
  if (guest.deposit.empty()) return;
  if (machine_.ask(MoveDeposit{guest.deposit, DepositState::returned, ""}, Role::guard)) guest.deposit.clear();
}

void People::ask_aide(Guest& guest) {
  const auto answer = machine_.ask(AskAide{guest.visit}, Role::guard);
  if (try_again_later(answer)) return queue_for_guard(60s, [this, &guest] { ask_aide(guest); });
  if (answer) {
    ++guest.version;
    const WorldTime seen = std::max(queue_.now(), phone_off_until_) + guest.random.between(10s, 6min);
    queue_.at(seen, [this, &guest] { decide(guest); });
  }
  if (!guest.leaving) queue_for_guard(guest.random.between(10s, 30s), [this, &guest] { give_badge(guest, ""); });
}

// The aide, at another place. Does not answer while the telephone is off.
void People::decide(Guest& guest) {
  if (queue_.now() < phone_off_until_) return queue_.at(phone_off_until_ + 1min, [this, &guest] { decide(guest); });
  if (guest.leaving || guest.visit.empty()) return;
  const auto dice = guest.random.below(100);
  const AideDecision decision = dice < 80   ? AideDecision::accept_now
                                : dice < 87 ? AideDecision::accept_later
                                : dice < 92 ? AideDecision::hold
                                            : AideDecision::decline;
  const bool declines = decision == AideDecision::decline;
  const int minutes = declines ? 0 : 5;
  DecideVisit said{guest.visit, decision, minutes, declines ? "uji" : "", guest.version, false};
  const bool accepts = dice < 87;
  said.all_members = has_gates() && accepts && guest.random.chance(200);
  const auto answer = machine_.ask(said, Role::aide);
  if (try_again_later(answer)) return queue_.in(90s, [this, &guest] { decide(guest); });
  if (!answer) return;
  ++guest.version;
  if (dice >= 92) {
    guest.refused = true;
    queue_.in(1min, [this, &guest] { leave(guest); });
  } else if (dice >= 87) {
    queue_.in(6min, [this, &guest] { decide(guest); });
  } else {
    guest.accepted = true;
    if (!guest.token.empty())
      queue_.in((dice < 80 ? 30s : 5min) + guest.random.between(1s, 90s), [this, &guest] { go_in(guest); });
  }
}

void People::give_badge(Guest& guest, const std::string& reason) {
  if (guest.area == "outside" && guest.leaving && reason.empty()) return;
  const int valid = guest.has("short_badge") ? 8 : 0;  // minutes
  const int uses = guest.has("once") ? 1 : 0;
  const bool card = guest.has("card") && !box_.empty();
  const auto answer =
      machine_.ask(IssueBadge{guest.visit, reason, valid, uses, false, card ? box_.front().badge : BadgeId()}, Role::guard);
  if (try_again_later(answer)) return queue_for_guard(60s, [this, &guest, reason] { give_badge(guest, reason); });
  if (!answer) return;
  guest.badge = BadgeId(answer->id);
  guest.token = card ? box_.front().token : answer->token;
  guest.card = card;
  if (card) box_.pop_front();
  if (!reason.empty()) return;
  queue_.in(guest.random.between(5s, 30s), [this, &guest] {
    bus_.walk_through_detector(guest.has("metal"));
    queue_for_guard(guest.random.between(3s, 15s), [this, &guest] { screen(guest, false); });
  });
}

void People::screen(Guest& guest, bool by_hand) {
  const auto record = [&](Screening result) {
    return machine_.ask(RecordScreening{guest.visit, result, "", true}, Role::guard);
  };
  const bool metal = guest.has("metal") && !by_hand;
  auto answer = record(metal ? Screening::alarm : by_hand ? Screening::manual_check : Screening::clear);
  if (try_again_later(answer)) return queue_for_guard(60s, [this, &guest, by_hand] { screen(guest, by_hand); });
  if (metal || (!answer && !by_hand)) return queue_for_guard(30s, [this, &guest] { screen(guest, true); });
  if (by_hand) (void)record(Screening::cleared_by_check);
  if (guest.accepted && guest.area == "outside" && guest.helped == 0)
    queue_.in(guest.random.between(1s, 30s), [this, &guest] { go_in(guest); });
}

// A person waits at a portal that does not open. The guard finds out why, corrects it, and finally opens by hand.
void People::help(Guest& guest, const AccessPointId& point) {
  queue_for_guard(guest.random.between(15s, 60s), [this, &guest, point, passes = guest.passes] {
    if (guest.done || guest.passes != passes) return;  // another person's release let them through
    ++guest.helped;
    const auto again = [this, &guest, point, passes] {
      if (guest.passes == passes) present(guest, point);
    };
    if (guest.leaving) hand_item_back(guest);
    if (guest.leaving) tick_off(guest, {"survey"}, 1000);
    if (!guest.leaving && guest.helped == 1 && !guest.visit.empty()) {
      if (guest.has("short_badge") || guest.random.chance(300)) give_badge(guest, "tidak terbaca");
      screen(guest, true);
      tick_off(guest, {"greet", "identity", "rules"}, 900);
      permit_all(guest);
      if (guest.has("exempted"))
        (void)machine_.ask(ExemptPassback{guest.visit, "bantuan petugas"}, Role::guard);
      else
        (void)machine_.ask(ForgivePassback{guest.visit, {}, "bantuan petugas"}, Role::guard);
      return queue_.in(10s, again);
    }
    if (guest.is_staff() && guest.helped == 1) {
      (void)machine_.ask(ForgivePassback{{}, guest.badge, "bantuan petugas"}, Role::guard);
      return queue_.in(10s, again);
    }
    if (!guest.leaving && !guest.is_staff() && guest.helped > 2) return leave(guest);
    guest.wants = point;
    asker_ = {&guest, point};
    const auto answer = machine_.ask(ReleasePortal{point, "bantuan petugas"}, Role::guard);
    asker_ = {};
    checks_.mark_unknown(guest.name());  // the entry names no person
    for (const auto& area : {find_point(point).from, find_point(point).to}) checks_.entered_by_hand(area.str());
    if (answer) {
      queue_.in(10s, [this, &guest, point, passes = guest.passes] {
        if (guest.passes == passes) help(guest, point);
      });
    } else if (guest.helped > 3) {
      guest.wants = AccessPointId();
      slip_through(guest, find_point(point));  // with the key: no one stays locked in
    } else {
      guest.wants = AccessPointId();
      help(guest, point);
    }
  });
}

// ---- The way out

void People::take_badge_back(Guest& guest) {
  queue_for_guard(guest.random.between(5s, 20s), [this, &guest] {
    if (guest.done) return;
    hand_item_back(guest);
    const bool has_badge = !guest.token.empty();
    const auto answer =
        has_badge ? machine_.ask(ReturnBadge{guest.badge}, Role::guard)
                  : machine_.ask(
                        CloseVisit{guest.visit, guest.met ? VisitState::departed : VisitState::left_early, "kartu hilang"},
                        Role::guard);
    if (try_again_later(answer)) return take_badge_back(guest);
    if (answer && has_badge && guest.card) box_.push_back({guest.badge, guest.token});
    close_visit(guest,
                guest.met       ? VisitState::departed
                : guest.refused ? VisitState::turned_away
                                : VisitState::left_early,
                "");
  });
}

void People::close_visit(Guest& guest, VisitState outcome, const std::string& reason) {
  const auto answer = machine_.ask(CloseVisit{guest.visit, outcome, reason}, Role::guard);  // most are closed by now
  if (try_again_later(answer))
    return queue_for_guard(60s, [this, &guest, outcome, reason] { close_visit(guest, outcome, reason); });
  guest.done = true;
  if (guest.has("mistaken") && answer) {  // the guard closed the wrong one, and undoes it
    (void)machine_.ask(Undo{answer->entry}, Role::guard);
    const auto again = machine_.ask(CloseVisit{guest.visit, outcome, "koreksi"}, Role::guard);
    if (again) queue_.in(7min, [this, entry = again->entry] { (void)machine_.ask(Undo{entry}, Role::guard); });  // too late
  }
  if (guest.has("comes_again") && guest.visits < 2 && queue_.now() < 19h) {
    guest.done = false;
    queue_.in(guest.random.between(5min, 60min), [this, &guest] { arrive(guest); });
  }
}

void People::close_open_visits() {
  for (auto& guest : guests_)
    if (!guest.is_staff() && !guest.visit.empty())
      close_visit(guest, VisitState::departed, "tutup hari: kartu tidak kembali");
}

// At times the guard handles the alarms on the screen.
void People::handle_alarms() {
  const auto standing = checks_.ledger().alarms;
  queue_.in(15min, [this] { handle_alarms(); });
  for (const auto alarm : standing) (void)machine_.ask(AcknowledgeAlarm{alarm, AlarmHandling::handled}, Role::guard);
}

// ---- Other actions of the script

Guest* People::any_guest(Random& random, std::string_view area) {
  std::vector<Guest*> there;
  for (auto& guest : guests_)
    if (!guest.token.empty() && !guest.done && (area.empty() || guest.area == area)) there.push_back(&guest);
  return there.empty() ? nullptr : there[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(there.size())))];
}

void People::revoke_some_badge(Random random) {
  if (Guest* guest = any_guest(random, "")) (void)machine_.ask(RevokeBadge{guest->badge, "uji"}, Role::admin);
}

void People::strangers(const Item& item) {
  Random random(item.seed);
  for (std::int64_t i = 0; i < item.count; ++i) {
    std::vector<std::string> codes;
    TokenBytes bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
    switch (random.below(4)) {
      case 0:
        codes = {make_token(bytes)};
        break;
      case 1:
        codes = {std::string(bytes.begin(), bytes.end())};
        break;
      case 2:
        codes = {"'; DROP TABLE badge; --"};
        break;
      default:
        codes = {make_token(bytes), "G1:"};
    }
    queue_.in(random.between(0ms, 5s), [this, reader = ReaderId(item.target), codes] {
      machine_.scan(BadgeRead{reader, codes, BootTime(), nullptr}, "");
    });
  }
}

// The same badge is held to every reader of the lanes within ten milliseconds, as with copies of a picture.
void People::badge_at_all_lanes(Random random) {
  Guest* guest = any_guest(random, "outside");
  if (guest == nullptr) return;
  for (const char* lane : {"lane-1.in", "lane-2.in"})
    queue_.in(random.between(0ms, 10ms), [this, guest, lane] { show(*guest, AccessPointId(lane), {guest->token}); });
}

void People::lock_down(const Item& item) {
  (void)machine_.ask(StartLockdown{"house", "uji"}, Role::guard);
  queue_.in(item.lasts, [this] { (void)machine_.ask(EndLockdown{"house", "uji"}, Role::guard); });
}

void People::block(const Item& item) {
  (void)machine_.ask(SetPortalMode{PortalId(item.target), PortalMode::blocked, "uji"}, Role::guard);
  queue_.in(item.lasts, [this, &item] {
    (void)machine_.ask(SetPortalMode{PortalId(item.target), PortalMode::locked, "uji"}, Role::guard);
  });
}

void People::carry_out(const Item& item) {
  switch (item.kind) {
    case ItemKind::phone_off:
      phone_off_until_ = queue_.now() + item.lasts;
      return;
    case ItemKind::revoke:
      return revoke_some_badge(Random(item.seed));
    case ItemKind::lockdown:
      return lock_down(item);
    case ItemKind::blocked:
      return block(item);
    case ItemKind::stranger:
      return strangers(item);
    case ItemKind::lanes:
      return badge_at_all_lanes(Random(item.seed));
    case ItemKind::forced: {
      for (auto& guest : guests_) checks_.mark_unknown(guest.name());  // the passage may count as any guest's
      bus_.pass(PortalId(item.target), Direction::entry);
      return;
    }
    case ItemKind::pair:
      return go_in_pairs(item);
    case ItemKind::unlocked:
      return unlock(item);
    case ItemKind::stock_card:
      return show_stock_card(item);
    case ItemKind::muster:
      return call_the_roll(item);
    case ItemKind::shift:
      return hand_over();
    case ItemKind::panic:
      return call_for_help(item);
    case ItemKind::passer:
      return bus_.walk_through_detector(false);
    default:
      return;
  }
}

}  // namespace gapura::simulation
