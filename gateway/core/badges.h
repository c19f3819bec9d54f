// SPDX-License-Identifier: Apache-2.0
// Badges: creation, binding, printing, end and return.
#pragma once

#include <string>

#include "gateway/core/site_context.h"

namespace gapura::gateway {

// Thread: core only.
class BadgesPart {
 public:
  explicit BadgesPart(SiteContext& site) : site_(site) {}

  Change on_print(const drivers::PrintReport& report);
  // Called at a start: the power may have failed before a paper came out, or after.
  void end_open_prints(Change& change) const;

  Change run(const IssueBadge&, const Actor&, const Now&);
  Change run(const StockCards&, const Actor&, const Now&);
  Change run(const IssueStaffBadge&, const Actor&, const Now&);
  Change run(const RevokeBadge&, const Actor&, const Now&);
  Change run(const ReturnBadge&, const Actor&, const Now&);
  Change run(const ChangeBadge&, const Actor&, const Now&);
  Change run(const PrintBadge&, const Actor&, const Now&);
  Change run(const ConfirmPrint&, const Actor&, const Now&);
  Change run(const NoteBadgeShown&, const Actor&, const Now&);

 private:
  // Orders the printing of a badge, allowed by the Change's last entry.
  void order_print(Change& change, std::string token, std::string category, UtcTime valid_until, const Now& now) const;

  SiteContext& site_;
};

}  // namespace gapura::gateway
