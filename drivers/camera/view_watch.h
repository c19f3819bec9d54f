// SPDX-License-Identifier: Apache-2.0
// Notices that a camera was turned, knocked or aimed anew. It knows its view by landmarks: small pieces with edges in more
// than one direction that nothing near them resembles. People and furniture hide some of them, light spoils some; a camera
// that moved takes nearly all of them away at once, and they stand beside their places, or there is another still view.
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers {

// A piece of the view as directions of edges, whatever their contrast: lamps, gain and infrared change the contrast.
struct Landmark {
  static constexpr int reach = 8, side = 2 * reach + 1;  // pixels of the 320×180 that are looked at
  int x = 0, y = 0;
  std::array<std::int8_t, std::size_t{2} * side * side> edges{};
  int missed = 0;         // looks in a row
  int seen = 0;           // while it is learned
  bool in_place = false;  // at the last look, to the pixel
};

// The view in one light, as it was learned.
struct LearnedView {
  std::vector<Landmark> landmarks;
  std::uint64_t recognised = 0;  // the look that last did
};

// The learned views as bytes, for the disk: directions of edges, no picture. The first one is the one a person wants, or
// the first ever seen. decode_views() takes any bytes and gives nothing for what encode_views() did not make.
std::vector<std::uint8_t> encode_views(const std::vector<LearnedView>& views);
std::vector<LearnedView> decode_views(std::span<const std::uint8_t> bytes);

// Time is an argument. Not thread-safe.
class ViewWatch {
 public:
  // `limit`: how long it may be another view, and half as long again where that is a plain one; 0: never looks. `known`: of
  // encode_views(), or empty: learns what it sees.
  explicit ViewWatch(Millis limit, std::span<const std::uint8_t> known = {});
  // Whether the view is another one. Of a picture that shows something: black, covered and frozen ones are not asked.
  bool judge(GreyView frame, BootTime captured);
  // What is seen now is right: it is learned beside what is known, in ten looks.
  void accept() { accepted_ = true; }
  // What to keep, when it changed since the last call; else nothing.
  std::vector<std::uint8_t> take_news();
  // By which the view is known; 0: it is still learned, or too plain to be known again.
  int landmarks() const;
  double share() const { return share_; }  // of them that were seen in place within the limit, in the best light

 private:
  void learn(const cv::Mat& grey, const cv::Mat& edges);
  void finish_learning();
  void look_at(const cv::Mat& edges);
  bool is_other_light() const;

  const Millis limit_, between_;
  std::vector<LearnedView> views_;
  LearnedView candidate_;
  int rounds_ = 0;  // of learning; 0: none goes on
  std::uint64_t looks_ = 0;
  bool accepted_ = false, moved_ = false, news_ = false;
  bool exact_ = false;       // at the last look enough of it was in place to the pixel
  bool strange_ = false;     // at the last look nearly nothing of it was seen
  int still_ = 0;            // how often something stood still in its place
  bool other_view_ = false;  // something else stands still in its place
  double share_ = 1;
  BootTime looked_;
};

}  // namespace gapura::drivers
