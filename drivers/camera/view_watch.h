// SPDX-License-Identifier: Apache-2.0
// Notices that a camera was turned, knocked or aimed elsewhere. The view is recognised by landmarks: small pieces with
// edges in more than one direction that nothing near them resembles. People and furniture hide some of them, and changed
// light spoils some; a camera that moved loses nearly all of them at once, and they reappear beside their places, or there
// is another still view.
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers {

// A piece of the view as directions of edges, independent of their contrast, which changes with lamps, gain and infrared.
struct Landmark {
  static constexpr int reach = 8, side = 2 * reach + 1;  // pixels of the 320×180 that are checked
  int x = 0, y = 0;
  std::array<std::int8_t, std::size_t{2} * side * side> edges{};
  int missed = 0;         // checks in a row
  int seen = 0;           // while it is being learned
  bool in_place = false;  // at the last check, to the pixel
};

// The view in one light, as it was learned.
struct LearnedView {
  std::vector<Landmark> landmarks;
  std::uint64_t recognised = 0;  // the last check that recognised it
};

// The learned views as bytes for the disk: directions of edges, not a picture. The first view is the accepted one, or the
// first ever seen. decode_views() accepts any bytes and returns none for what encode_views() did not make.
std::vector<std::uint8_t> encode_views(const std::vector<LearnedView>& views);
std::vector<LearnedView> decode_views(std::span<const std::uint8_t> bytes);

// Time is an argument. Not thread-safe.
class ViewWatch {
 public:
  // `limit`: how long the view may differ, and half as long again for a plain view; 0: never checks. `known`: from
  // encode_views(), or empty: learns the first view.
  explicit ViewWatch(Millis limit, std::span<const std::uint8_t> known = {});
  // Returns whether the view is another one. Call it only for pictures that are not black, covered or frozen.
  bool judge(GreyView frame, BootTime captured);
  // Accepts the present view: it is learned beside the known ones, in ten checks.
  void accept() { accepted_ = true; }
  // Returns what to keep when it changed since the last call; else empty.
  std::vector<std::uint8_t> take_changed_views();
  // Returns the number of landmarks; 0: still being learned, or too plain to be recognised.
  int landmarks() const;
  double share() const { return share_; }  // of landmarks seen in place within the limit, in the best light

 private:
  void learn(const cv::Mat& grey, const cv::Mat& edges);
  void finish_learning();
  void compare(const cv::Mat& edges);
  bool is_other_light() const;

  const Millis limit_, between_;
  std::vector<LearnedView> views_;
  LearnedView candidate_;
  int rounds_ = 0;  // checks of the learning under way; 0: none
  std::uint64_t checks_ = 0;
  bool accepted_ = false, moved_ = false, news_ = false;
  bool exact_ = false;       // at the last check enough of it was in place to the pixel
  bool strange_ = false;     // at the last check nearly nothing of it was found
  int still_ = 0;            // how often something else was still in its place
  bool other_view_ = false;  // another still view is in its place
  double share_ = 1;
  BootTime checked_;
};

}  // namespace gapura::drivers
