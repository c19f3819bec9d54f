// SPDX-License-Identifier: Apache-2.0
// The columns with personal data: sealed when written, revealed by a reader's views.
#pragma once

#include <array>
#include <string_view>

namespace gapura::gateway {

struct PersonalTable {
  std::string_view table, key;                  // the row's key, which is authenticated with the text
  std::array<std::string_view, 6> columns;      // unused ones are empty
  std::string_view owner;                       // SQL: the owner of a row that is not sealed yet
  std::string_view salt = {}, salt_owner = {};  // a commitment's salt, and SQL: the owner of a sealed row
  bool searched = false;                        // by full_name and phone: name_index, phone_index
};

inline constexpr std::array personal_tables{
    PersonalTable{"guest", "id", {"full_name", "phone", "institution"}, "id", {}, {}, true},
    PersonalTable{"visit",
                  "id",
                  {"purpose", "whom", "members", "vehicle", "identity_last4", "approval_reason"},
                  "guest",
                  "form_salt",
                  "guest"},
    PersonalTable{"note", "entry", {"text"}, "owner_of(entry)", "salt", "owner_in(text)"},
    PersonalTable{"deposit", "id", {"what", "tag", "locker"}, "(SELECT v.guest FROM visit v WHERE v.id = deposit.visit)"},
    PersonalTable{"badge",
                  "id",
                  {"reason"},
                  "coalesce((SELECT v.guest FROM visit v WHERE v.id = badge.visit), owner_of(badge.last_entry))"},
    PersonalTable{"attention", "id", {"full_name", "phone", "why"}, "id", {}, {}, true},
};

}  // namespace gapura::gateway
