// SPDX-License-Identifier: Apache-2.0
// The shapes that answers name: of the structs of answers.h, and those that are written as text here, whose words of
// enumerations come from models/words.h.
#include "gateway/contract/row_fault.h"
#include "gateway/web/answers.h"
#include "gateway/web/router.h"
#include "models/decision_reason.h"
#include "models/device_event.h"
#include "models/retention.h"
#include "models/schedule.h"
#include "models/site.h"
#include "models/site_state.h"
#include "models/sop.h"
#include "models/visit.h"

namespace gapura::gateway {
namespace {

template <class Enum>
std::string one_of() {
  std::string all;
  for (const char* each : words<Enum>) all += (all.empty() ? "" : "|") + std::string(each);
  return all;
}

using NamedShape = std::pair<std::string, Shape>;

template <class Answer>
NamedShape shape_of() {
  return {Answer::schema, answer_shape<Answer>()};
}
NamedShape in_text(const char* name, const std::string& shape) { return {name, parse_shape(shape)}; }

std::vector<NamedShape> all_shapes() {
  const std::string level = one_of<Level>();
  return {
      in_text("User", "id:text, name:text, role:guard|aide|admin, disabled:flag"),
      shape_of<answer::Person>(),
      in_text("Site", "id:text, name:text, timezone:text, language:text"),
      shape_of<answer::Visit>(),
      shape_of<answer::Next>(),
      shape_of<answer::Previous>(),
      shape_of<answer::Badge>(),
      in_text("Card", "badge:text, token:text, qr:text"),
      shape_of<answer::Deposit>(),
      in_text("Attention", "id:text, name:text, phone:text, why:text, blocks:flag, made:time"),
      in_text("RowMistake",
              "line:number, column:text?, what:" + one_of<RowFault>() + ", why:text, why_id:text, person:text?"),
      in_text("Refusal", "point:text, refused:flag, door:refuses|open|offline|unknown, last_heard:time?"),
      in_text("Device",
              "id:text, kind:text, online:flag, since:time, detail:text, fault:text, outages:number, roles:[text], "
              "stats:object"),
      in_text("Portal", "id:text, name:text, kind:" + one_of<PortalKind>() +
                            ", mode:text, mode_by:schedule|person?, unlocked_until:time?, unlocks:time?, contact:" + level +
                            ", lock:Lock, age_ms:number, online:flag, points:[Point], alarms:[text]"),
      in_text("Lock", "commanded:flag, observed:" + level),
      in_text("Point", "id:text, from:text, to:text, reader:text?, device:text?"),
      in_text("Area", "id:text, name:text, people:number, limit:number?, passback:" + one_of<Passback>() +
                          ", two_person:flag, escort:" + one_of<EscortRule>()),
      in_text("Lockdown",
              "id:text, name:text, areas:[text], rank:number, may_pass:[text], revert_minutes:number?, active:flag, "
              "entry:number?, until:time?"),
      in_text("Muster", "entry:number, started:time?, safe:number, people:[Inside], staff:[StaffInside]"),
      in_text("Inside", "visit:text, name:text, party:number, presence:text, presence_at:time?, where:object, safe:flag"),
      in_text("StaffInside", "badge:text, host:text, name:text, area:text"),
      in_text("Shift",
              "entry:number?, guards:[Person], handed_to:Person?, attended:flag, note:text?, colleagues:[Person], "
              "to_hand_over:object"),
      in_text("Duty", "first:Person?, second:Person?, offered_to:Person?, aides:[Person]"),
      in_text("Host", "id:text, name:text, unit:text?, receives:flag, escorts:flag"),
      shape_of<answer::Hours>(),
      in_text("Sop",
              "id:text, number:text, title:text, unit:text, revision:number, hash:text, effective:time, categories:[text], "
              "steps:[SopStep], gates:[SopGate]"),
      in_text("SopStep", "id:text, activity:text, executor:text, symbol:text, evidence:" + one_of<Evidence>() +
                             ", event:text?, inputs:[text], time_limit_s:number?, output:text"),
      in_text("SopGate", "area:text, requires:[text]"),
      in_text("Alarm", "number:number, kind:text, priority:" + one_of<AlarmPriority>() +
                           ", subject:text, silent:flag, active:flag, raised:time, cleared:time?, acknowledged_by:text?, "
                           "handling:text?"),
      in_text("AlarmRate", "day:number, per_10_minutes:decimal, worst_10_minutes:number"),
      in_text("Chatter", "kind:text, subject:text?, times:number, last:time"),
      in_text("Fix", "subject:text, times:number, kinds:[KindCount]"),
      in_text("KindCount", "kind:text, times:number"),
      shape_of<answer::Event>(),
      in_text("RetentionClass", "class:" + one_of<RetentionClass>() +
                                    ", jra:text, days:number, action:" + one_of<RetentionAction>() +
                                    ", before:time?, due:number, held:number, oldest:time?, next:NextRule?"),
      in_text("NextRule", "days:number, action:" + one_of<RetentionAction>() + ", agreed_by:text?"),
      in_text("KnownBackup", "name:text, made:time, entries:number"),
      in_text("ErasureRun", "id:text, guest:text?, approved_by:text, approved:time, finished:time?, classes:[ErasedClass]"),
      in_text(
          "ErasedClass",
          "class:text, jra:text, days:number, before:time, visits:number, persons:number, notes:number, deposits:number, "
          "pictures:number, clips:number"),
      in_text("LegalHold", "id:text, guest:text?, visit:text?, made_by:text, made:time, reason:text"),
      in_text("Subject",
              "guest:text, name:text, phone:text, visits:number, last:time?, restricted:flag, erased:time?, held:flag"),
      in_text(
          "Case",
          "id:text, guest:text, kind:access|correct|restrict|erase|object, state:open|answered|refused, requester:text, "
          "purpose:text, opened_by:text, opened:time, due:time, minutes_left:number?, closed_by:text?, closed:time?, "
          "ground:text"),
      in_text(
          "BreachPerson",
          "guest:text, name:text, phone:text, fields:[text], visits:number, first:time, last:time, how:touched|visible"),
      in_text("Status",
              "version:text, site:Site, started:time, time:time, clock:" + one_of<ClockQuality>() +
                  ", granting:flag, why_not:[text], journal:object, disk:object, devices:[Device], portals:[Portal], "
                  "leader:text?, attended:flag, lockdowns:[text], muster:flag"),
  };
}

}  // namespace

const std::vector<std::pair<std::string, Shape>>& answer_shapes() {
  static const std::vector<std::pair<std::string, Shape>> shapes = all_shapes();
  return shapes;
}

}  // namespace gapura::gateway
