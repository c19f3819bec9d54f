// SPDX-License-Identifier: Apache-2.0
#include "models/record/second_person.h"

#include <set>

namespace gapura {
namespace {

// "2026-02-03 08:15", by the site's clock.
std::string minute_of(UtcTime utc, std::chrono::minutes offset) {
  std::string text = format_rfc3339(utc, offset).substr(0, 16);
  text[10] = ' ';
  return text;
}

// Whether `giver` set the password of `user`, or of the account that set it, and so on.
bool was_given_by(const SiteFacts& facts, std::string user, const std::string& giver) {
  std::set<std::string> seen;
  for (auto known = facts.admins.find(user); known != facts.admins.end() && seen.insert(user).second;
       known = facts.admins.find(user)) {
    user = known->second.by;
    if (user == giver) return true;
  }
  return false;
}

Status is_old_enough(const SiteFacts& facts, const std::string& user, const char* whose, const Now& now) {
  const auto known = facts.admins.find(user);
  if (known == facts.admins.end())
    return fail(ErrorKind::same_hand, std::string("the record does not say who gave ") + whose +
                                          " its password: have it reset, and agree three days later");
  const UtcTime from = known->second.at + agrees_after;
  if (now.utc >= from) return {};
  return tl::unexpected(Error{ErrorKind::too_new,
                              std::string(whose) + " got its password less than three days ago and may agree from " +
                                  minute_of(from, now.offset) + " on",
                              from});
}

}  // namespace

Status may_agree(const SiteFacts& facts, const std::string& user, const std::string& other, const Now& now) {
  if (auto own = is_old_enough(facts, user, "this account", now); !own || other.empty()) return own;
  if (was_given_by(facts, user, other) || was_given_by(facts, other, user))
    return fail(
        ErrorKind::same_hand,
        "one of the two accounts got its password from the other: they count as one person. A third admin agrees, or "
        "the password is reset at the machine (gapura user reset NAME) and the account agrees three days later");
  return is_old_enough(facts, other, "the account that agreed first", now);
}

}  // namespace gapura
