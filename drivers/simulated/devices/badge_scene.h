// SPDX-License-Identifier: Apache-2.0
// What a simulated camera sees: a gate lane, a door or a waiting room, and at times a hand that holds a badge into the
// view. Everything is drawn, so there are no pictures of people, and the same seed gives the same frames.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::simulated {

enum class Place { gate, exit, door, waiting_room };

struct SceneSettings {
  Place place = Place::gate;
  int width = 1280, height = 720;  // both even
  std::uint32_t seed = 1;          // of pose, hand motion, noise and people
};

// What a hand holds into the view: codes printed on one card each, or a picture (JPEG or PNG) on paper.
struct HeldItem {
  std::vector<std::string> codes;     // raw bytes, at most 2,900 each; two at most
  std::vector<std::uint8_t> picture;  // used when there are no codes
};

// One frame: rows of B, G, R bytes without padding, or planar I420 (width × height × 3 / 2 bytes).
using FrameBytes = std::vector<std::uint8_t>;

// Not thread-safe: its camera guards it. Time is an argument, in milliseconds of any clock that is never set back.
class BadgeScene {
 public:
  explicit BadgeScene(SceneSettings settings);
  ~BadgeScene();
  BadgeScene(const BadgeScene&) = delete;
  BadgeScene& operator=(const BadgeScene&) = delete;

  const SceneSettings& settings() const;
  // Holds the item from `now` for `length`, including 300 ms each for the hand to come and to go; replaces what was held
  // before. bad_input: a code that is too long, or a picture that cannot be decoded.
  Status hold(const HeldItem& item, Millis now, Millis length);
  // Shows a sheet of paper in front of the lens from one frame to the next, without a hand.
  Status lay_sheet(const std::string& code, Millis now, Millis length);
  void put_away();
  bool holding(Millis now) const;
  void set_people(int count);  // in a waiting room, 0 to 6

  // `stamp` is printed into the corner, as cameras do.
  FrameBytes draw_bgr(Millis now, const std::string& stamp);
  FrameBytes draw_i420(Millis now, const std::string& stamp);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Draws a portrait for a scripted guest: a face with the mark CONTOH, so that it is not mistaken for a photograph. JPEG
// 480×600.
std::vector<std::uint8_t> sample_portrait(std::uint32_t seed);

}  // namespace gapura::simulated
