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
    Step::half_fixed,       Step::region,        Step::quarter,       Step::region_mirrored,
    Step::region_inverted,  Step::half_unsharp,  Step::half_adaptive, Step::region_double,
    Step::quarter_adaptive, Step::region_triple, Step::region_whole,
};

// On video two of these join the regions of every frame.
constexpr std::array frame_steps{
    Step::half_fixed,    Step::quarter,         Step::half_unsharp,  Step::region_inverted, Step::half_adaptive,
    Step::region_double, Step::region_mirrored, Step::region_triple, Step::region_whole,
};

constexpr int extra_steps_per_frame = 2;

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
  for (int extra = 0; extra < extra_steps_per_frame; ++extra) {
    const Step step = frame_steps[state_->next_step++ % frame_steps.size()];
    if (auto codes = qr::run_step(step, views); !codes.empty()) return codes;
  }
  return {};
}

}  // namespace gapura::drivers
