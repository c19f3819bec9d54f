// SPDX-License-Identifier: Apache-2.0
// The child's search thread: motion gate, search, readings with their stills; previews and stills on request.
#pragma once

#include "drivers/camera/frame_slot.h"
#include "drivers/camera/motion_gate.h"
#include "drivers/camera/picture_watch.h"
#include "drivers/camera/view_watch.h"
#include "drivers/camera/worker_parts.h"
#include "drivers/qr_reader/presentation.h"
#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers {

class Search {
 public:
  Search(const link::Settings& settings, Counters& counters, Outbox& outbox, FrameSlot& slot, ParentRequests& requests)
      : settings_(settings),
        counters_(counters),
        outbox_(outbox),
        slot_(slot),
        requests_(requests),
        watch_(settings.picture),
        view_(settings.picture.moved, settings.view) {}
  [[noreturn]] void run();

 private:
  bool too_soon(const Frame& frame) const;
  void search(const Frame& frame);
  std::vector<Code> codes_in(const Frame& frame);
  void check_view(GreyView grey, BootTime captured);
  void serve_requests(const Frame& frame);

  const link::Settings& settings_;
  Counters& counters_;
  Outbox& outbox_;
  FrameSlot& slot_;
  ParentRequests& requests_;
  QrReader reader_;
  Presentation presentation_;
  MotionGate gate_;
  PictureWatch watch_;
  ViewWatch view_;
  std::optional<BootTime> last_searched_, last_preview_;
};

}  // namespace gapura::drivers
