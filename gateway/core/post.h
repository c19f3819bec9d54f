// SPDX-License-Identifier: Apache-2.0
// The guard post's work: screening, escort, deposited items, the guards' shift, the roll call.
#pragma once

#include <vector>

#include "gateway/core/devices.h"
#include "gateway/core/site_context.h"
#include "models/access/detector.h"

namespace gapura::gateway {

// Thread: core only. post.cpp: commands; screening.cpp: detectors' facts; roll_call.cpp: roll call and alarms.
class PostPart {
 public:
  PostPart(SiteContext& site, DevicesPart& devices);

  void on_level(Change& change, const LevelReport& report);
  Change on_picture(const PictureKept& kept);
  void tick_detectors(Change& change, const Now& now);
  std::optional<BootTime> next_deadline() const;
  const std::vector<Detector>& detectors() const { return detectors_; }

  Change run(const RecordScreening&, const Actor&, const Now&);
  Change run(const TestDetector&, const Actor&, const Now&);
  Change run(const AcceptView&, const Actor&, const Now&);
  Change run(const MoveEscort&, const Actor&, const Now&);
  Change run(const DepositItem&, const Actor&, const Now&);
  Change run(const MoveDeposit&, const Actor&, const Now&);
  Change run(const StartShift&, const Actor&, const Now&);
  Change run(const HandOver&, const Actor&, const Now&);
  Change run(const AcceptShift&, const Actor&, const Now&);
  Change run(const SetPost&, const Actor&, const Now&);
  Change run(const StartMuster&, const Actor&, const Now&);
  Change run(const MarkSafe&, const Actor&, const Now&);
  Change run(const EndMuster&, const Actor&, const Now&);
  Change run(const AcknowledgeAlarm&, const Actor&, const Now&);

 private:
  void detector_fact(Change& change, const Detector& detector, const DetectorNews& news);
  void unplanned_passage(Change& change, const Detector& detector);
  const Visit* only_visit_to_screen() const;

  SiteContext& site_;
  DevicesPart& devices_;
  std::vector<Detector> detectors_;
};

}  // namespace gapura::gateway
