// SPDX-License-Identifier: Apache-2.0
// One function for each route. They read through call.db, write through call.ask, and throw Problem.
#pragma once

#include "gateway/web/api.h"

namespace gapura::gateway {

// account_handlers.cpp
Response get_setup(Call& call);
Response post_setup(Call& call);
Response post_session(Call& call);
Response get_session(Call& call);
Response delete_session(Call& call);
Response get_users(Call& call);
Response post_users(Call& call);
Response post_user_disable(Call& call);
Response post_user_password(Call& call);
Response post_tokens(Call& call);

// visit_handlers.cpp
Response get_visits(Call& call);
Response get_visit(Call& call);
Response post_visits(Call& call);
Response post_visit_ask(Call& call);
Response post_visit_decision(Call& call);
Response post_visit_portrait(Call& call);
Response post_visit_badge(Call& call);
Response post_visit_screening(Call& call);
Response post_visit_close(Call& call);

// badge_handlers.cpp
Response get_badges(Call& call);
Response get_badge(Call& call);
Response post_badge_revoke(Call& call);
Response post_badge_return(Call& call);
Response get_badge_qr(Call& call);
Response get_badge_page(Call& call);

// picture_handlers.cpp
Response post_pictures(Call& call);
Response get_picture(Call& call);
Response get_camera_still(Call& call);

// site_handlers.cpp
Response get_devices(Call& call);
Response get_portals(Call& call);
Response post_point_release(Call& call);
Response get_alarms(Call& call);
Response post_alarm_acknowledge(Call& call);
Response get_status(Call& call);

// event_handlers.cpp
Response get_events(Call& call);
Response get_event_stream(Call& call);
Response get_openapi(Call& call);

// Query parameters. Throw Problem when they are not what is expected.
int limit_of(const Call& call, int usual, int most);
std::string choice_of(const Call& call, std::string_view parameter, std::initializer_list<const char*> choices);

// The newest state of something that a command has just changed.
boost::json::object visit_now(Call& call, const std::string& id);
boost::json::object badge_now(Call& call, const std::string& id);

}  // namespace gapura::gateway
