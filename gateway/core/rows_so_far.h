// SPDX-License-Identifier: Apache-2.0
// Results of the earlier lines of a list of guests, while it is checked and not yet in a table.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "models/base/ids.h"
#include "models/base/time.h"

namespace gapura::gateway {

// The people and visits of earlier lines, which are not yet in a table.
class RowsSoFar {
 public:
  struct Person {
    std::string phone, name, full_name;  // phone and name in the forms that are compared
    GuestId guest;
  };

  const Person* find(const std::string& phone) const {
    const auto found = std::find_if(people_.begin(), people_.end(), [&](const Person& p) { return p.phone == phone; });
    return phone.empty() || found == people_.end() ? nullptr : &*found;
  }
  const Person* find(const std::string& phone, const std::string& name) const {
    const auto found =
        std::find_if(people_.begin(), people_.end(), [&](const Person& p) { return p.phone == phone && p.name == name; });
    return phone.empty() || found == people_.end() ? nullptr : &*found;
  }
  std::optional<VisitId> find_plan(const GuestId& guest, UtcTime at) const {
    for (const auto& plan : plans_)
      if (plan.guest == guest && plan.from <= at + std::chrono::hours(12) && plan.until >= at - std::chrono::hours(12))
        return plan.visit;
    return std::nullopt;
  }
  void add(Person person) { people_.push_back(std::move(person)); }
  void add(const GuestId& guest, const VisitId& visit, UtcTime from, UtcTime until) {
    plans_.push_back({guest, visit, from, until});
  }

 private:
  struct Plan {
    GuestId guest;
    VisitId visit;
    UtcTime from, until;
  };
  std::vector<Person> people_;
  std::vector<Plan> plans_;
};

}  // namespace gapura::gateway
