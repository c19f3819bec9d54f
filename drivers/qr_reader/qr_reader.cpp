// SPDX-License-Identifier: Apache-2.0
#include "drivers/qr_reader/qr_reader.h"

#include <time.h>

#include <array>
#include <opencv2/core.hpp>

#include "drivers/qr_reader/steps.h"

namespace gapura::drivers {
namespace {

using qr::Method;
using qr::Step;

// In the order of codes found per pixel searched, on what the earlier steps left unread.
constexpr std::array picture_steps{
    Step{Method::half_otsu},         Step{Method::sharp, 0},          Step{Method::adaptive, 1},
    Step{Method::inverted_half, 0},  Step{Method::mirrored_half, 0},  Step{Method::inverted_half, 1},
    Step{Method::mirrored_half, 1},  Step{Method::adaptive, 2},       Step{Method::inverted_half, 2},
    Step{Method::mirrored_half, 2},  Step{Method::repaired, 0},       Step{Method::quarter_local},
    Step{Method::enlarged, 0},       Step{Method::repaired, 1},       Step{Method::repaired, 2},
    Step{Method::quarter_inverted},  Step{Method::inverted, 0},       Step{Method::mirrored, 0},
    Step{Method::stretched_wide, 0}, Step{Method::quarter_unsharp},   Step{Method::glared, 0},
    Step{Method::half_local},        Step{Method::dark, 0},           Step{Method::inverted, 1},
    Step{Method::adaptive, 0},       Step{Method::stretched_tall, 0}, Step{Method::half_unsharp},
    Step{Method::whole, 0},
};

// The search ends after showing ZXing this many times the picture's pixels; more where few places look like a code (as in a
// camera's frame, where steps are cheap and find more), and a minimum for tiny pictures.
constexpr double most_shown = 1.4, most_shown_of_frame = 2.8, least_allowance = 6e5, few_places = 0.2;

double allowance(qr::Views& views) {
  if (views.shown() < least_allowance) return least_allowance;
  const auto pixels = static_cast<double>(views.picture().total());
  double places = 0;
  for (const auto& region : views.regions()) places += region.area();
  return pixels * (places < few_places * pixels ? most_shown_of_frame : most_shown);
}

// On video every frame is searched in these ways,
constexpr std::array every_frame{Step{Method::sharp, 0}, Step{Method::sharp, 1}};
// and then in the next few of these.
constexpr std::array in_turn{
    Step{Method::half_otsu},         Step{Method::inverted_half, 0}, Step{Method::adaptive, 0},
    Step{Method::enlarged, 0},       Step{Method::quarter_local},    Step{Method::adaptive, 1},
    Step{Method::mirrored_half, 0},  Step{Method::inverted, 0},      Step{Method::half_local},
    Step{Method::stretched_wide, 0}, Step{Method::glared, 0},        Step{Method::mirrored_half, 1},
    Step{Method::enlarged_more, 0},  Step{Method::inverted, 1},      Step{Method::mirrored, 0},
    Step{Method::soft_adaptive, 0},  Step{Method::quarter_adaptive}, Step{Method::dark, 0},
    Step{Method::stretched_tall, 0}, Step{Method::sharp, 2},         Step{Method::whole, 0},
};
constexpr int turns_per_frame = 4;

cv::Mat wrap(GreyView view) {
  return cv::Mat(view.height, view.width, CV_8UC1, const_cast<std::uint8_t*>(view.data),
                 static_cast<std::size_t>(view.stride));
}

bool usable(GreyView view) {
  return view.data != nullptr && view.width >= 21 && view.height >= 21 && view.stride >= view.width;
}

// The calling thread's own time, so that other work on the machine does not end a search.
std::chrono::nanoseconds used_time() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

struct QrReader::State {
  std::size_t next_turn = 0;
  Skipped skipped = Skipped::no;

  // Returns whether another step may begin.
  bool goes_on(const qr::Views& views, std::chrono::nanoseconds end) {
    if (views.left_out() > 0) skipped = Skipped::finder_patterns;
    if (used_time() <= end) return true;
    skipped = Skipped::time;
    return false;
  }
};

QrReader::QrReader() : state_(std::make_unique<State>()) {
  cv::setNumThreads(1);  // one camera uses one thread; OpenCV's pool would take the other cameras' cores
}
QrReader::~QrReader() = default;

Skipped QrReader::skipped() const { return state_->skipped; }

std::vector<Code> QrReader::read_picture(GreyView picture, Millis budget) {
  state_->skipped = Skipped::no;
  if (!usable(picture)) return {};
  qr::Views views(wrap(picture), true);
  const auto end = used_time() + budget;
  for (const Step step : picture_steps) {
    if (!state_->goes_on(views, end) || views.shown() > allowance(views)) break;
    if (auto codes = qr::run_step(step, views); !codes.empty()) return codes;
  }
  return {};
}

std::vector<Code> QrReader::read_frame(GreyView frame, Millis budget) {
  state_->skipped = Skipped::no;
  if (!usable(frame)) return {};
  qr::Views views(wrap(frame), false);  // most frames have no edges; a blurred badge gets sharper in later ones
  const auto end = used_time() + budget;
  for (const Step step : every_frame) {
    if (!state_->goes_on(views, end)) return {};
    if (auto codes = qr::run_step(step, views); !codes.empty()) return codes;
  }
  for (int turn = 0; turn < turns_per_frame && state_->goes_on(views, end); ++turn) {
    const Step step = in_turn[state_->next_turn++ % in_turn.size()];
    if (auto codes = qr::run_step(step, views); !codes.empty()) return codes;
  }
  state_->goes_on(views, end);
  return {};
}

}  // namespace gapura::drivers
