// SPDX-License-Identifier: Apache-2.0
// The shapes that answers name. Words of enumerations come from models/words.h, so that they cannot drift.
#include "gateway/contract/row_fault.h"
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

std::string visit_shape() {
  return "id:text, name:text, phone:text, institution:text, purpose:text, whom:text, category:general|special, "
         "party:number, members:text, vehicle:text?, identity_type:text?, identity_last4:text?, sop:text?, state:" +
         one_of<VisitState>() +
         ", invited:flag, in_debt:flag, out_of_hours:flag, hours_permit:flag, passback_exempt:flag, extended:flag, "
         "attention:" +
         one_of<Attention>() + ", approval:" + one_of<Approval>() +
         ", approval_version:number, approval_reason:text, escalation:number, verbal:" + one_of<Verbal>() +
         ", second_aide:Person?, members_limit:number?, members_permit:text?" + ", screening:" + one_of<Screening>() +
         ", rewalks:number, screened:time?, metal_found:time?, presence:" + one_of<Presence>() +
         ", presence_at:time?, where:object, escort:" + one_of<EscortState>() +
         ", escorted_by:text?, portrait:text?, waiting_still:text?, expected:time?, expected_until:time?, arrived:time, "
         "asked:time?, decided:time?, hold_until:time?, entered:time?, finished:time?, closed:time?, attested:[text], "
         "next:Next?, badge:Badge?, badges:[Badge], deposits:[Deposit], previous:[Previous], masked:flag, "
         "restricted:flag, events?:[Event], events_total?:number, hours?:Hours";
}

std::vector<std::pair<std::string, Shape>> parsed() {
  const std::string level = one_of<Level>();
  const std::pair<const char*, std::string> texts[] = {
      {"User", "id:text, name:text, role:guard|aide|admin, disabled:flag"},
      {"Person", "id:text, name:text"},
      {"Site", "id:text, name:text, timezone:text, language:text"},
      {"Visit", visit_shape()},
      {"Next", "step:text, activity:text, executor:text, evidence:" + one_of<Evidence>()},
      {"Previous", "arrived:time, state:text, approval:text"},
      {"Badge", "id:text, kind:" + one_of<BadgeKind>() + ", state:" + one_of<BadgeState>() +
                    ", visit:text, name:text, host:text?, duress?:flag, uses_allowed:number, uses:number, area:text?, "
                    "passed:time?, issued:time, valid_until:time, ended:time?, suspended:flag, reason:text, print:" +
                    one_of<PrintState>() + ", code:text, events?:[Event], events_total?:number"},
      {"Card", "badge:text, token:text, qr:text"},
      {"Deposit", "id:text, visit:text, name:text, state:" + one_of<DepositState>() + ", what:text, tag:text, locker:text"},
      {"Attention", "id:text, name:text, phone:text, why:text, blocks:flag, made:time"},
      {"RowMistake", "line:number, column:text?, what:" + one_of<RowFault>() + ", why:text, why_id:text, person:text?"},
      {"Refusal", "point:text, refused:flag, door:refuses|open|offline|unknown, last_heard:time?"},
      {"Device",
       "id:text, kind:text, online:flag, since:time, detail:text, fault:text, outages:number, roles:[text], stats:object"},
      {"Portal", "id:text, name:text, kind:" + one_of<PortalKind>() +
                     ", mode:text, mode_by:schedule|person?, unlocked_until:time?, unlocks:time?, contact:" + level +
                     ", lock:Lock, age_ms:number, online:flag, points:[Point], alarms:[text]"},
      {"Lock", "commanded:flag, observed:" + level},
      {"Point", "id:text, from:text, to:text, reader:text?, device:text?"},
      {"Area", "id:text, name:text, people:number, limit:number?, passback:" + one_of<Passback>() +
                   ", two_person:flag, escort:" + one_of<EscortRule>()},
      {"Lockdown",
       "id:text, name:text, areas:[text], rank:number, may_pass:[text], revert_minutes:number?, active:flag, "
       "entry:number?, until:time?"},
      {"Muster", "entry:number, started:time?, safe:number, people:[Inside], staff:[StaffInside]"},
      {"Inside", "visit:text, name:text, party:number, presence:text, presence_at:time?, where:object, safe:flag"},
      {"StaffInside", "badge:text, host:text, name:text, area:text"},
      {"Shift",
       "entry:number?, guards:[Person], handed_to:Person?, attended:flag, note:text?, colleagues:[Person], "
       "to_hand_over:object"},
      {"Duty", "first:Person?, second:Person?, offered_to:Person?, aides:[Person]"},
      {"Host", "id:text, name:text, unit:text?, receives:flag, escorts:flag"},
      {"Hours", "open:flag, reason:text?, rule:text?, sunset:time?, next_open:time?"},
      {"Sop",
       "id:text, number:text, title:text, unit:text, revision:number, hash:text, effective:time, categories:[text], "
       "steps:[SopStep], gates:[SopGate]"},
      {"SopStep", "id:text, activity:text, executor:text, symbol:text, evidence:" + one_of<Evidence>() +
                      ", event:text?, inputs:[text], time_limit_s:number?, output:text"},
      {"SopGate", "area:text, requires:[text]"},
      {"Alarm", "number:number, kind:text, priority:" + one_of<AlarmPriority>() +
                    ", subject:text, silent:flag, active:flag, raised:time, cleared:time?, acknowledged_by:text?, "
                    "handling:text?"},
      {"AlarmRate", "day:number, per_10_minutes:decimal, worst_10_minutes:number"},
      {"Chatter", "kind:text, subject:text?, times:number, last:time"},
      {"Fix", "subject:text, times:number, kinds:[KindCount]"},
      {"KindCount", "kind:text, times:number"},
      {"Event",
       "number:number, time:time, type:text, point:text?, actor:text, actor_id:text, visit:text?, badge:text?, "
       "ref:number?, data:object, note:text?, pictures:[text], clips:[text]"},
      {"RetentionClass", "class:" + one_of<RetentionClass>() +
                             ", jra:text, days:number, action:" + one_of<RetentionAction>() +
                             ", before:time?, due:number, held:number, oldest:time?, next:NextRule?"},
      {"NextRule", "days:number, action:" + one_of<RetentionAction>() + ", agreed_by:text?"},
      {"KnownBackup", "name:text, made:time, entries:number"},
      {"ErasureRun", "id:text, guest:text?, approved_by:text, approved:time, finished:time?, classes:[ErasedClass]"},
      {"ErasedClass",
       "class:text, jra:text, days:number, before:time, visits:number, persons:number, notes:number, deposits:number, "
       "pictures:number, clips:number"},
      {"LegalHold", "id:text, guest:text?, visit:text?, made_by:text, made:time, reason:text"},
      {"Subject", "guest:text, name:text, phone:text, visits:number, last:time?, restricted:flag, erased:time?, held:flag"},
      {"Case",
       "id:text, guest:text, kind:access|correct|restrict|erase|object, state:open|answered|refused, requester:text, "
       "purpose:text, opened_by:text, opened:time, due:time, minutes_left:number?, closed_by:text?, closed:time?, "
       "ground:text"},
      {"BreachPerson",
       "guest:text, name:text, phone:text, fields:[text], visits:number, first:time, last:time, how:touched|visible"},
      {"Status", "version:text, site:Site, started:time, time:time, clock:" + one_of<ClockQuality>() +
                     ", granting:flag, why_not:[text], journal:object, disk:object, devices:[Device], portals:[Portal], "
                     "leader:text?, attended:flag, lockdowns:[text], muster:flag"}};
  std::vector<std::pair<std::string, Shape>> all;
  for (const auto& [name, text] : texts) all.emplace_back(name, parse_shape(text));
  return all;
}

}  // namespace

const std::vector<std::pair<std::string, Shape>>& answer_shapes() {
  static const std::vector<std::pair<std::string, Shape>> shapes = parsed();
  return shapes;
}

}  // namespace gapura::gateway
