// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/qr_reader.h"

#include <array>
#include <opencv2/core.hpp>

#include "drivers/qr_reader/steps.h"

namespace gapura::drivers {
namespace {

using qr::Step;
using SteadyClock = std::chrono::steady_clock;

constexpr std::array picture_steps{
    Step::half_fixed,      Step::region,        Step::quarter,         Step::half_unsharp,  Step::half_inverted,
    Step::quarter_unsharp, Step::region_double, Step::region_mirrored, Step::half_adaptive, Step::region_double_unsharp,
    Step::half_otsu,       Step::region_clahe,  Step::half_opened,     Step::plain,         Step::region_cubic,
};

// On video one of these joins the regions of every frame. The order puts the ones that find most where they come first
// after something began to move.
constexpr std::array frame_steps{
    Step::half_fixed,    Step::half_unsharp,  Step::half_inverted, Step::quarter,
    Step::region_double, Step::half_adaptive, Step::plain,         Step::region_mirrored,
};

cv::Mat wrap(GreyView view) {
  return cv::Mat(view.height, view.width, CV_8UC1, const_cast<std::uint8_t*>(view.data),
                 static_cast<std::size_t>(view.stride));
}

bool usable(GreyView view) {
  return view.data != nullptr && view.width >= 21 && view.height >= 21 && view.stride >= view.width;
}

}  // namespace

struct QrReader::State {
  std::size_t next_step = 0;
};

QrReader::QrReader() : state_(std::make_unique<State>()) {
  cv::setNumThreads(1);  // a camera is one thread's work; OpenCV's pool would take the other cameras' cores
}
QrReader::~QrReader() = default;

std::vector<Code> QrReader::read_picture(GreyView picture, Millis budget) {
  if (!usable(picture)) return {};
  qr::Views views(wrap(picture));
  const auto end = SteadyClock::now() + budget;
  for (const Step step : picture_steps) {
    if (auto codes = qr::run_step(step, views); !codes.empty()) return codes;
    if (SteadyClock::now() > end) break;
  }
  return {};
}

std::vector<Code> QrReader::read_frame(GreyView frame) {
  if (!usable(frame)) return {};
  qr::Views views(wrap(frame));
  if (auto codes = qr::run_step(Step::region, views); !codes.empty()) return codes;
  const Step extra = frame_steps[state_->next_step++ % frame_steps.size()];
  return qr::run_step(extra, views);
}

}  // namespace gapura::drivers
