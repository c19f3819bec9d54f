// SPDX-License-Identifier: Apache-2.0
// The question to the aide with its answers, and the roster that decides who is asked.
#pragma once

#include "gateway/core/site_context.h"

namespace gapura::gateway {

// Thread: core only. approvals.cpp, duty.cpp.
class ApprovalsPart {
 public:
  explicit ApprovalsPart(SiteContext& site) : site_(site) {}

  Change run(const AskAide&, const Actor&, const Now&);
  Change run(const ReceiveQuestion&, const Actor&, const Now&);
  Change run(const DecideVisit&, const Actor&, const Now&);
  Change run(const AnswerAide&, const Actor&, const Now&);
  Change run(const WithdrawQuestion&, const Actor&, const Now&);
  Change run(const ReviewVerbal&, const Actor&, const Now&);
  Change run(const PermitMembers&, const Actor&, const Now&);
  Change run(const SetLeaderState&, const Actor&, const Now&);
  Change run(const TakeDuty&, const Actor&, const Now&);
  Change run(const OfferDuty&, const Actor&, const Now&);
  Change run(const AcceptDuty&, const Actor&, const Now&);
  Change run(const LeaveDuty&, const Actor&, const Now&);

 private:
  void invite_again(Change& change, const Visit& visit, const VisitId& next, UtcTime when, const Actor& actor);

  SiteContext& site_;
};

}  // namespace gapura::gateway
