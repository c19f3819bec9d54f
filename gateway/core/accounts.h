// SPDX-License-Identifier: Apache-2.0
// Accounts, sessions and PINs, and the resuming of grants after a disk failure.
#pragma once

#include "gateway/core/site_context.h"

namespace gapura::gateway {

// Thread: core only.
class AccountsPart {
 public:
  explicit AccountsPart(SiteContext& site) : site_(site) {}

  Change run(const AddUser&, const Actor&, const Now&);
  Change run(const DisableUser&, const Actor&, const Now&);
  Change run(const SetPassword&, const Actor&, const Now&);
  Change run(const OpenSession&, const Actor&, const Now&);
  Change run(const TouchSession&, const Actor&, const Now&);
  Change run(const SetPin&, const Actor&, const Now&);
  Change run(const RemovePins&, const Actor&, const Now&);
  Change run(const FailPin&, const Actor&, const Now&);
  Change run(const ProvePin&, const Actor&, const Now&);
  Change run(const CloseSession&, const Actor&, const Now&);
  Change run(const NoteRefusal&, const Actor&, const Now&);
  Change run(const SignCheckpoint&, const Actor&, const Now&);
  Change run(const MakeKey&, const Actor&, const Now&);
  Change run(const ResumeGranting&, const Actor&, const Now&);

 private:
  SiteContext& site_;
};

}  // namespace gapura::gateway
