// SPDX-License-Identifier: Apache-2.0
// A visit, a badge, an alarm and the site's facts as rows. state_rows.cpp has a table of members and columns for each.
#pragma once

#include <map>
#include <string>

#include "gateway/journal/database.h"
#include "models/record/site_state.h"

namespace gapura::gateway {

const std::string& visit_columns();  // "id, guest, …" for a SELECT that read_visit() understands
// UPDATEs of everything that the fold changes; write_visit() binds both. Naming an indexed column costs a rewrite of its
// indexes even where the value is the same, so the first does not name guest, arrived_utc and closed_utc.
const std::string& update_visit();
const std::string& update_visit_and_keys();
Visit read_visit(const Statement& row);  // badges_out stays empty: load_state() fills it from the badges
Status write_visit(Statement& row, const Visit& visit);

const std::string& badge_columns();
const std::string& upsert_badge();
Badge read_badge(const Statement& row);
Status write_badge(Statement& row, const Badge& badge);

const std::string& alarm_columns();
const std::string& upsert_alarm();
Alarm read_alarm(const Statement& row);
Status write_alarm(Statement& row, const Alarm& alarm);

// One row per fact, its words separated by blanks: "lockdown.total" -> "18 1795000000000".
std::map<std::string, std::string> to_rows(const SiteFacts& facts);
SiteFacts parse_facts(const std::map<std::string, std::string>& rows);

}  // namespace gapura::gateway
