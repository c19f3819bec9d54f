// SPDX-License-Identifier: Apache-2.0
// What is remembered. An entry of the journal, and the leaf that is stored and hashed for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "models/ids.h"
#include "models/time.h"
#include "models/words.h"

namespace gapura {

// Stored as `typ`. access_granted is the intent; its outcome is exactly one of access_taken, access_not_taken,
// access_unknown.
enum class EventType {
  site_opened,
  site_closed,
  granting_stopped,
  clock_changed,
  visit_planned,
  visit_registered,
  visit_completed,
  visit_moved,
  visit_closed,
  approval_asked,
  approval_received,
  approval_escalated,
  approval_decided,
  approval_answered,
  approval_withdrawn,
  verbal_reviewed,
  limit_permitted,
  portrait_set,
  step_attested,
  deviation_noted,
  undone,
  attention_listed,
  attention_decided,
  badge_stocked,
  badge_issued,
  badge_print_ordered,
  badge_print_ended,
  badge_printed,
  badge_shown,
  badge_changed,
  badge_returned,
  badge_revoked,
  badge_presented,
  screening_passage,
  screening_alarm,
  screening_recorded,
  detector_tested,
  escort_moved,
  deposit_moved,
  access_granted,
  access_taken,
  access_not_taken,
  access_unknown,
  access_denied,
  exit_requested,
  door_state_unknown,
  passback_forgiven,
  passback_exempted,
  passback_reset,
  mode_changed,
  lockdown_started,
  lockdown_ended,
  duress_signalled,
  muster_started,
  muster_marked,
  muster_ended,
  shift_started,
  shift_handed_over,
  shift_accepted,
  post_changed,
  leader_changed,
  duty_changed,
  duty_offered,
  day_closed,
  picture_kept,
  clip_kept,
  alarm_raised,
  alarm_cleared,
  alarm_acknowledged,
  device_online,
  device_offline,
  user_added,
  user_disabled,
  user_password_set,
  session_opened,
  pin_set,
  pin_removed,
  pin_failed,
  sign_in_refused,
  request_refused,
  log_key_changed,
  log_continued,
  retention_approved,
  retention_agreed,
  retention_changed,
  retention_done,
  data_erased,
  data_read,
  hold_set,
  hold_released,
  case_opened,
  case_closed,
  person_corrected,
  person_restricted,
  backup_made,
  granting_resumed,
};
template <>
inline constexpr auto words<EventType> = std::to_array<const char*>({
    "site_opened",
    "site_closed",
    "granting_stopped",
    "clock_changed",
    "visit_planned",
    "visit_registered",
    "visit_completed",
    "visit_moved",
    "visit_closed",
    "approval_asked",
    "approval_received",
    "approval_escalated",
    "approval_decided",
    "approval_answered",
    "approval_withdrawn",
    "verbal_reviewed",
    "limit_permitted",
    "portrait_set",
    "step_attested",
    "deviation_noted",
    "undone",
    "attention_listed",
    "attention_decided",
    "badge_stocked",
    "badge_issued",
    "badge_print_ordered",
    "badge_print_ended",
    "badge_printed",
    "badge_shown",
    "badge_changed",
    "badge_returned",
    "badge_revoked",
    "badge_presented",
    "screening_passage",
    "screening_alarm",
    "screening_recorded",
    "detector_tested",
    "escort_moved",
    "deposit_moved",
    "access_granted",
    "access_taken",
    "access_not_taken",
    "access_unknown",
    "access_denied",
    "exit_requested",
    "door_state_unknown",
    "passback_forgiven",
    "passback_exempted",
    "passback_reset",
    "mode_changed",
    "lockdown_started",
    "lockdown_ended",
    "duress_signalled",
    "muster_started",
    "muster_marked",
    "muster_ended",
    "shift_started",
    "shift_handed_over",
    "shift_accepted",
    "post_changed",
    "leader_changed",
    "duty_changed",
    "duty_offered",
    "day_closed",
    "picture_kept",
    "clip_kept",
    "alarm_raised",
    "alarm_cleared",
    "alarm_acknowledged",
    "device_online",
    "device_offline",
    "user_added",
    "user_disabled",
    "user_password_set",
    "session_opened",
    "pin_set",
    "pin_removed",
    "pin_failed",
    "sign_in_refused",
    "request_refused",
    "log_key_changed",
    "log_continued",
    "retention_approved",
    "retention_agreed",
    "retention_changed",
    "retention_done",
    "data_erased",
    "data_read",
    "hold_set",
    "hold_released",
    "case_opened",
    "case_closed",
    "person_corrected",
    "person_restricted",
    "backup_made",
    "granting_resumed",
});

// The particulars of an entry: few, coded, never personal. Order is kept, for the leaf's bytes are hashed.
using Value = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;
using Fields = std::vector<std::pair<std::string, Value>>;

std::string find_text(const Fields& fields, std::string_view key);      // "" when absent
std::int64_t find_integer(const Fields& fields, std::string_view key);  // 0 when absent
bool find_flag(const Fields& fields, std::string_view key);             // false when absent

struct Entry {
  EventType type = EventType::site_opened;
  std::string point;             // access point, portal or device; empty: none
  std::string actor = "system";  // user id, "system" or "device"
  VisitId visit;
  BadgeId badge;
  std::optional<std::uint64_t> ref;
  Fields data;
  // Stamped by the journal.
  std::uint64_t number = 0;
  Now at{};
};

// One JSON object, fixed key order, no spaces, integers only, ending in one newline:
// {"v":1,"i":…,"ts":"…","bt":…,"boot":"…","cq":"ok","typ":"…","pt":…,"act":"…","sub":…,"bdg":…,"ref":…,"d":{…}}
// Bytes that are no UTF-8 become U+FFFD. At most leaf_limit bytes: the journal refuses more.
std::string make_leaf(const Entry& entry, std::string_view boot_id);
inline constexpr std::size_t leaf_limit = 4096;

}  // namespace gapura
