// SPDX-License-Identifier: Apache-2.0
// Finds QR codes in a grey picture. A cascade of cheap views of the picture, each searched by ZXing (QR only: the decoders
// of the other formats abort on ordinary pictures), which ends at the first view that shows a code.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/base/time.h"
#include "models/base/words.h"

namespace gapura::drivers {

// A luminance plane owned by the caller. `stride` is in bytes and may exceed the width.
struct GreyView {
  const std::uint8_t* data = nullptr;
  int width = 0, height = 0, stride = 0;
};

struct PixelPoint {
  int x = 0, y = 0;
};

struct Code {
  std::string payload;                  // the bytes in the code as they are, at most 4,096; never trusted
  std::string text;                     // the same as UTF-8, by the character set the code names or ZXing guesses
  std::array<PixelPoint, 4> outline{};  // corners in the picture's pixels; may lie a little outside
};

inline constexpr std::size_t largest_payload = 4096;
inline constexpr std::size_t most_codes_per_picture = 8;

// Why a part of a picture was not searched.
enum class Skipped {
  no,
  finder_patterns,  // a view of it holds more than a hundred of them
  time,             // the budget was used up
};

// Not thread-safe: one per camera. Budgets count the calling thread's own time and are checked between steps; one step
// takes up to 30 ms on a picture of 1920 x 1080. A decoder may still hang, so untrusted pictures are searched in a process
// that can be killed.
class QrReader {
 public:
  QrReader();
  ~QrReader();
  QrReader(const QrReader&) = delete;
  QrReader& operator=(const QrReader&) = delete;

  // Runs all steps until one finds something. Returns all distinct codes that this step finds, by payload.
  std::vector<Code> read_picture(GreyView picture, Millis budget = Millis{1500});

  // For video: searches the regions that look like a code, then runs one of the other steps, a different one for each
  // frame. A badge that is held for a second is searched by all of them.
  std::vector<Code> read_frame(GreyView frame, Millis budget = Millis{150});

  // For the last call.
  Skipped skipped() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gapura::drivers

namespace gapura {

template <>
inline constexpr auto words<drivers::Skipped> = std::to_array<const char*>({"", "finder_patterns", "time"});

}  // namespace gapura
