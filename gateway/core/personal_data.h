// SPDX-License-Identifier: Apache-2.0
// Commands on personal data: retention periods, destruction, legal holds, cases of data subjects, and records of who read
// what.
#pragma once

#include <string>

#include "gateway/core/site_context.h"

namespace gapura::gateway {

// Thread: core only. gateway/registry/erasure selects what to erase; this part checks permissions, records, and orders it.
class PersonalDataPart {
 public:
  explicit PersonalDataPart(SiteContext& site) : site_(site) {}

  Change run(const AdoptRetention&, const Actor&, const Now&);
  Change run(const AgreeRetention&, const Actor&, const Now&);
  Change run(const ApproveRetention&, const Actor&, const Now&);
  Change run(const EraseNext&, const Actor&, const Now&);
  Change run(const FilesGone&, const Actor&, const Now&);
  Change run(const ScrubPages&, const Actor&, const Now&);
  Change run(const FinishErasure&, const Actor&, const Now&);
  Change run(const SetHold&, const Actor&, const Now&);
  Change run(const ReleaseHold&, const Actor&, const Now&);
  Change run(const OpenCase&, const Actor&, const Now&);
  Change run(const CloseCase&, const Actor&, const Now&);
  Change run(const NoteReading&, const Actor&, const Now&);
  Change run(const NoteBackup&, const Actor&, const Now&);

 private:
  // Carries out the answer, by the case's kind. `words` become the closing's note. Returns a refusal when nothing was done.
  std::optional<Change> answer_case(Change& change, CaseClosed& closed, const SubjectCase& it, const CloseCase& asked,
                                    const Actor& actor, const Now& now, std::string& words);

  SiteContext& site_;
};

}  // namespace gapura::gateway
