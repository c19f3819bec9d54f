// SPDX-License-Identifier: Apache-2.0
// One function for each route. They read through call.db, write through call.ask, and throw Problem.
#pragma once

#include "gateway/web/api/api.h"

namespace gapura::gateway {

// account_handlers.cpp
Response get_setup(Call& call);
Response post_setup(Call& call);
Response post_session(Call& call);
Response get_session(Call& call);
Response delete_session(Call& call);
Response get_users(Call& call);
Response post_user_pins_end(Call& call);
Response post_users(Call& call);
Response post_user_disable(Call& call);
Response post_user_password(Call& call);
Response post_tokens(Call& call);

// pin_handlers.cpp
Response post_session_pin(Call& call);
Response post_session_proof(Call& call);
bool may_set_pin(const Call& call);  // now, in this session

// visit_handlers.cpp
Response get_visits(Call& call);
Response get_visit_debts(Call& call);
Response get_visit(Call& call);
Response post_visit_plan(Call& call);
Response post_visits_import(Call& call);
Response post_visits(Call& call);
Response post_visit_complete(Call& call);
Response post_visit_move(Call& call);
Response post_visit_portrait(Call& call);

// approval_handlers.cpp
Response post_visit_ask(Call& call);
Response post_visit_decision(Call& call);
Response post_visit_permit(Call& call);

// checkpoint_handlers.cpp
Response post_detector_test(Call& call);
Response post_visit_deposits(Call& call);
Response get_deposits(Call& call);
Response post_deposit_move(Call& call);

// badge_handlers.cpp
Response get_badges(Call& call);
Response post_badges_find(Call& call);
Response get_badge(Call& call);
Response post_visit_badge(Call& call);
Response post_badges_stock(Call& call);
Response post_badges_staff(Call& call);
Response post_badge_revoke(Call& call);
Response post_badge_return(Call& call);
Response post_badge_change(Call& call);
Response post_badge_print(Call& call);
Response post_badge_printed(Call& call);
Response get_badge_qr(Call& call);
Response get_badge_page(Call& call);

// picture_handlers.cpp
Response post_pictures(Call& call);
Response get_picture(Call& call);
Response get_clip(Call& call);
Response get_camera_still(Call& call);
Response get_camera_live(Call& call);
Response post_camera_view(Call& call);

// site_handlers.cpp
Response get_devices(Call& call);
Response get_portals(Call& call);
Response post_portal_mode(Call& call);
Response post_granting_resume(Call& call);
Response post_point_release(Call& call);
Response get_areas(Call& call);
Response post_passback_forgive(Call& call);
Response get_status(Call& call);

// emergency_handlers.cpp
Response get_lockdowns(Call& call);
Response post_lockdown_start(Call& call);
Response post_lockdown_end(Call& call);
Response post_panic(Call& call);
Response get_muster(Call& call);
Response post_muster_start(Call& call);
Response post_muster_mark(Call& call);
Response post_muster_end(Call& call);

// post_handlers.cpp
Response get_shift(Call& call);
Response post_shift_start(Call& call);
Response post_shift_handover(Call& call);
Response post_shift_accept(Call& call);
Response post_post(Call& call);
Response get_leader(Call& call);
Response post_leader(Call& call);
Response get_duty(Call& call);
Response post_duty_take(Call& call);
Response post_duty_offer(Call& call);
Response post_duty_accept(Call& call);
Response post_duty_leave(Call& call);
Response get_hosts(Call& call);
Response get_hours(Call& call);
Response get_sop(Call& call);
Response get_attention(Call& call);
Response post_attention(Call& call);

// alarm_handlers.cpp
Response get_alarms(Call& call);
Response get_alarm_report(Call& call);
Response post_alarm_acknowledge(Call& call);
Response post_alarms_acknowledge(Call& call);
Response post_event_undo(Call& call);

// event_handlers.cpp
Response get_events(Call& call);
Response get_event_stream(Call& call);
Response get_openapi(Call& call);

// record_handlers.cpp
Response get_log_checkpoint(Call& call);
Response post_log_checkpoint(Call& call);
Response get_log_consistency(Call& call);
Response get_log_proof(Call& call);
Response get_log_sheet(Call& call);

// privacy_handlers.cpp
Response get_retention(Call& call);
Response post_retention_agree(Call& call);
Response get_retention_runs(Call& call);
Response post_retention_runs(Call& call);
Response get_retention_certificate(Call& call);
Response get_holds(Call& call);
Response post_holds(Call& call);
Response post_hold_release(Call& call);
Response post_subjects_find(Call& call);
Response get_cases(Call& call);
Response post_cases(Call& call);
Response post_case_close(Call& call);
Response get_case_json(Call& call);
Response get_case_pdf(Call& call);
Response post_visit_unmask(Call& call);
Response post_breach(Call& call);
Response post_backups(Call& call);

// One search for people of this account; false when it asks too often, which is entered. limit_searches throws Problem
// (too_many).
bool may_search(Call& call);
void limit_searches(Call& call);

// Query parameters. Throw Problem when they are not what is expected.
int limit_of(const Call& call, int usual, int most);
PageWanted page_of(const Call& call);                                           // ?limit= (100, at most 500) and ?after=
std::pair<UtcTime, UtcTime> day_of(const Call& call, const std::string& date);  // the local day "2026-01-31" as instants
std::string choice_of(const Call& call, std::string_view parameter, std::initializer_list<const char*> choices);

// The newest 500 entries that the filter names, as "events", and of how many, as "events_total".
template <class Thing>
void add_events(Call& call, Thing& thing, EventFilter filter) {
  filter.limit = 500;
  thing.events = call.db.events(filter);
  thing.events_total = call.db.count_events(filter);
}

VisitId visit_id(const Call& call);  // the path's
// Asks for something about the path's visit; answers with the visit as it is then.
Response visit_command(Call& call, Command command);
// The same, as the body says it.
template <class Asked>
Response visit_command(Call& call) {
  auto asked = call.read<Asked>();
  asked.visit = visit_id(call);
  return visit_command(call, std::move(asked));
}
answer::Site site_of(const Settings& settings);
// Are guests received now?
answer::Hours hours_of(const Call& call, const std::string& category, bool invited);

// The newest state of something that a command has just changed.
answer::Visit visit_now(Call& call, const std::string& id);
answer::Badge badge_now(Call& call, const std::string& id);

}  // namespace gapura::gateway
