// SPDX-License-Identifier: Apache-2.0
// The guard post's work: screening, escort, deposited items, the guards' shift.
#include "gateway/core/post.h"

#include "gateway/core/change_tools.h"

namespace gapura::gateway {

Change PostPart::run(const RecordScreening& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  const Screening result = asked.result;
  if (!may_record(visit->screening, result, visit->rewalks, site_.config.rules.rewalks))
    return refuse(ErrorKind::conflict, std::string("after ") + word(visit->screening) + " the result cannot be " +
                                           word(result) +
                                           (result == Screening::rewalk ? ": no more walks, check by hand" : ""));
  const bool by_hand = result == Screening::manual_check || result == Screening::cleared_by_check;
  if (by_hand && !asked.same_gender && asked.note.empty())
    return refuse(ErrorKind::bad_input, "a body check is by an officer of the same gender, or says why not");
  if (result == Screening::alternative && asked.note.empty())
    return refuse(ErrorKind::bad_input, "the other way needs its reason: pacemaker, wheelchair, pregnancy or infant");
  Change change;
  ScreeningRecorded recorded{.result = result, .was = visit->screening};
  if (by_hand) recorded.same_gender = asked.same_gender;
  change.entries.push_back(visit_entry(actor, visit->id, recorded));
  add_note(change, 0, asked.note, site_.random_bytes(16));
  if (result != Screening::alarm) site_.clear(change, AlarmKind::screening_undisposed, visit->id.str());
  change.reply.id = visit->id.str();
  return change;
}

Change PostPart::run(const TestDetector& asked, const Actor& actor, const Now&) {
  const bool known = std::any_of(site_.config.detectors.begin(), site_.config.detectors.end(),
                                 [&](const DetectorConfig& detector) { return detector.id == asked.detector; });
  if (!known) return refuse(ErrorKind::not_found, "no such detector");
  Change change;
  Entry entry = command_entry(actor, DetectorTested{.alarmed = asked.alarmed});
  entry.point = asked.detector.str();
  change.entries.push_back(std::move(entry));
  const std::string& id = asked.detector.str();
  const bool manual = std::any_of(detectors_.begin(), detectors_.end(), [&](const Detector& detector) {
    return detector.config().id == asked.detector && detector.manual();
  });
  devices_.tested(change, id, asked.alarmed, manual);
  return change;
}

// The entry has the user who accepted the new view; the camera then learns it.
Change PostPart::run(const AcceptView& asked, const Actor& actor, const Now&) {
  const DeviceHealth* known = devices_.find(asked.camera.str());
  if (!known || known->kind != DeviceHealth::Kind::camera) return refuse(ErrorKind::not_found, "no such camera");
  if (asked.reason.empty()) return refuse(ErrorKind::bad_input, "a new view needs a reason");
  if (!known->online) return refuse(ErrorKind::conflict, "the camera shows nothing now; make it work first");
  Change change;
  Entry entry = command_entry(
      actor, make_entry(EventType::device_online, DeviceChanged{.kind = DeviceHealth::Kind::camera, .view = "accepted"}));
  entry.point = asked.camera.str();
  change.entries.push_back(std::move(entry));
  add_note(change, 0, asked.reason, site_.random_bytes(16));
  change.reply.id = asked.camera.str();
  return change;
}

// With one guard on duty, an escort leaves the post empty: that is shown on the board and recorded like any other fact.
Change PostPart::run(const MoveEscort& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  const EscortState to = asked.to;
  if (!may_move(visit->escort, to))
    return refuse(ErrorKind::conflict,
                  std::string("an escort that is ") + word(visit->escort) + " cannot become " + word(to));
  if (!asked.host.empty() && std::none_of(site_.config.hosts.begin(), site_.config.hosts.end(),
                                          [&](const Host& host) { return host.escorts && host.id == asked.host; }))
    return refuse(ErrorKind::not_found, "no such host: hosts are the [[host]] of the configuration that escort");
  Change change;
  EscortMoved moved{.to = to};
  if (to == EscortState::started) moved.by = asked.host.empty() ? actor.user.str() : std::string(asked.host);
  change.entries.push_back(visit_entry(actor, visit->id, moved));
  const Shift& shift = site_.state.facts.shift;
  const bool guard_goes = asked.host.empty() && to == EscortState::started && shift.guards.size() <= 1;
  const bool guard_is_back = to == EscortState::returned && visit->escorted_by == actor.user.str();
  if ((guard_goes && shift.attended) || (guard_is_back && !shift.attended)) {
    change.entries.push_back(command_entry(actor, PostChanged{.attended = !guard_goes, .why = "escort"}));
  }
  change.reply.id = visit->id.str();
  return change;
}

Change PostPart::run(const DepositItem& asked, const Actor& actor, const Now&) {
  const Visit* visit = site_.find_open_visit(asked.visit);
  if (!visit) return no_visit();
  if (asked.what.empty() || asked.what.size() > 200) return refuse(ErrorKind::bad_input, "what: expected 1 to 200 bytes");
  if (asked.tag.size() > 60 || asked.locker.size() > 60)
    return refuse(ErrorKind::bad_input, "tag, locker: at most 60 bytes");
  const std::string id = site_.random_id("d-");
  Change change;
  change.entries.push_back(visit_entry(actor, visit->id, DepositMoved{.deposit = id, .to = DepositState::received}));
  add_note(change, 0, asked.locker, site_.random_bytes(16));  // a label may contain any words
  change.rows.emplace_back(DepositRow{.id = id, .item = asked});
  change.reply.id = id;
  return change;
}

Change PostPart::run(const MoveDeposit& asked, const Actor& actor, const Now&) {
  const auto found = site_.state.deposits.find(asked.deposit);
  if (found == site_.state.deposits.end()) return refuse(ErrorKind::not_found, "no such item in the lockers");
  const Deposit& deposit = found->second;
  if (asked.locker.size() > 60) return refuse(ErrorKind::bad_input, "locker: at most 60 bytes");
  const bool stays = asked.to == DepositState::stored && deposit.state == DepositState::stored;
  if (stays && site_.registry.is_in_locker(deposit.id, asked.locker))
    return refuse(ErrorKind::conflict, "it is in that locker already");
  Change change;
  change.entries.push_back(visit_entry(actor, deposit.visit, DepositMoved{.deposit = deposit.id, .to = asked.to}));
  add_note(change, 0, asked.locker, site_.random_bytes(16));
  if (!asked.locker.empty()) change.rows.emplace_back(LockerRow{.deposit = deposit.id, .locker = asked.locker});
  change.reply.id = deposit.id;
  return change;
}

// ---- Shift

Change PostPart::run(const StartShift&, const Actor& actor, const Now&) {
  if (site_.state.facts.shift.guards.contains(actor.user.str()))
    return refuse(ErrorKind::conflict, "you are on duty already");
  Change change;
  change.entries.push_back(command_entry(actor, EventType::shift_started));
  return change;
}

// What is handed over is counted at this moment; the words go into a note.
Change PostPart::run(const HandOver& asked, const Actor& actor, const Now&) {
  const Shift& shift = site_.state.facts.shift;
  if (!shift.guards.contains(actor.user.str())) return refuse(ErrorKind::conflict, "you are not on duty");
  if (asked.to == actor.user || !site_.registry.has_user(asked.to))
    return refuse(ErrorKind::bad_input, "to: expected another account");
  std::int64_t visits = 0, badges = 0, inside = 0;
  for (const auto& [id, visit] : site_.state.visits) {
    if (visit.closed || visit.state == VisitState::planned) continue;
    ++visits;
    badges += static_cast<std::int64_t>(visit.badges_out.size());
    inside += visit.party - count_in(visit.where, outside_area);
  }
  std::int64_t alarms = 0;
  for (const auto& [number, alarm] : site_.state.alarms) alarms += alarm.silent ? 0 : 1;  // guards read this entry
  Change change;
  change.entries.push_back(
      command_entry(actor, ShiftHandedOver{.to = asked.to.str(),
                                           .open_visits = visits,
                                           .inside = inside,
                                           .badges_out = badges,
                                           .deposits = static_cast<std::int64_t>(site_.state.deposits.size()),
                                           .alarms = alarms,
                                           .devices_down = devices_.offline()}));
  add_note(change, 0, asked.note, site_.random_bytes(16));
  return change;
}

Change PostPart::run(const AcceptShift&, const Actor& actor, const Now&) {
  const Shift& shift = site_.state.facts.shift;
  if (shift.handed_to != actor.user.str()) return refuse(ErrorKind::conflict, "nobody has handed the post over to you");
  Change change;
  change.entries.push_back(command_entry(actor, ShiftAccepted{.from = shift.handed_by}));
  return change;
}

Change PostPart::run(const SetPost& asked, const Actor& actor, const Now&) {
  Change change;
  if (site_.state.facts.shift.attended == asked.attended) return change;
  change.entries.push_back(command_entry(actor, PostChanged{.attended = asked.attended}));
  return change;
}

}  // namespace gapura::gateway
