// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/picture_watch.h"

#include <algorithm>
#include <cstdlib>

namespace gapura::drivers {
namespace {

constexpr Millis between_checks{250};
constexpr int across = 128, down = 72;  // samples of a picture
constexpr int clear_step = 10;          // grey levels between two neighbouring samples; more than noise makes
constexpr double few_steps = 0.004;     // of all neighbours; the emptiest lobby has ten times that
constexpr int dark = 30, lit = 60;      // grey levels of 255
constexpr double few_lit = 0.004;       // of all samples: one lamp in a dark room is enough
// A frozen picture still differs a little each time it is compressed. A live picture changes more than that somewhere: a
// clock's digit, a leaf, or the sensor's noise all over.
constexpr int one_change = 24, many_changes = 6;
constexpr int many = across * down / 500;

struct Samples {
  std::vector<std::uint8_t> single;    // with the sensor's noise, which shows that the picture is live
  std::vector<std::uint8_t> averaged;  // of four neighbours, for the picture's content
};
struct Shares {
  double mean = 0, steps = 0, lit = 0;
};

Samples sample(GreyView frame, bool full_range) {
  Samples all;
  all.single.reserve(std::size_t{across} * down);
  all.averaged.reserve(std::size_t{across} * down);
  const auto level = [&](int grey) {
    return static_cast<std::uint8_t>(full_range ? grey : std::clamp((grey - 16) * 255 / 219, 0, 255));
  };
  for (int row = 0; row < down; ++row) {
    const int y = row * (frame.height - 1) / down;
    const std::uint8_t* line = frame.data + static_cast<std::ptrdiff_t>(frame.stride) * y;
    const std::uint8_t* below = line + (y + 1 < frame.height ? frame.stride : 0);
    for (int column = 0; column < across; ++column) {
      const int x = column * (frame.width - 1) / across, right = std::min(x + 1, frame.width - 1);
      all.single.push_back(level(line[x]));
      all.averaged.push_back(level((line[x] + line[right] + below[x] + below[right]) / 4));
    }
  }
  return all;
}

Shares shares(const std::vector<std::uint8_t>& all) {
  int sum = 0, bright = 0, steps = 0;
  for (int row = 0; row < down; ++row)
    for (int column = 0; column < across; ++column) {
      const int at = row * across + column, grey = all[static_cast<std::size_t>(at)];
      const auto step = [&](int other) { return std::abs(grey - all[static_cast<std::size_t>(other)]) >= clear_step; };
      sum += grey;
      bright += grey > lit ? 1 : 0;
      steps += column > 0 && step(at - 1) ? 1 : 0;
      steps += row > 0 && step(at - across) ? 1 : 0;
    }
  const double count = across * down;
  return {sum / count, steps / (2 * count), bright / count};
}

}  // namespace

bool PictureWatch::differs(const std::vector<std::uint8_t>& now) const {
  if (still_.empty()) return true;
  int changes = 0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const int change = std::abs(now[i] - still_[i]);
    changes += change >= many_changes ? 1 : 0;
    if (change >= one_change) return true;
  }
  return changes >= many;
}

CameraFault PictureWatch::classify(GreyView frame, bool full_range, BootTime captured) {
  Samples now = sample(frame, full_range);
  const Shares found = shares(now.averaged);
  if (differs(now.single)) {
    changed_ = captured;
    still_ = std::move(now.single);
  }
  const bool empty = found.steps < few_steps;
  if (empty && found.mean < dark && found.lit < few_lit) return CameraFault::black;
  if (empty) return CameraFault::covered;
  const bool frozen = limits_.frozen > Millis{0} && captured - changed_ >= limits_.frozen;
  return frozen ? CameraFault::frozen : CameraFault::none;
}

Millis PictureWatch::limit_of(CameraFault fault) const {
  if (fault == CameraFault::black) return limits_.black;
  if (fault == CameraFault::covered) return limits_.covered;
  return fault == CameraFault::frozen ? Millis{0} : limits_.recovered;
}

CameraFault PictureWatch::judge(GreyView frame, bool full_range, BootTime captured) {
  if (!still_.empty() && captured - checked_ < between_checks) return reported_;
  checked_ = captured;
  if (const CameraFault seen = classify(frame, full_range, captured); seen != seen_) {
    seen_ = seen;
    seen_since_ = captured;
  }
  if (captured - seen_since_ >= limit_of(seen_)) reported_ = seen_;
  return reported_;
}

}  // namespace gapura::drivers
