// SPDX-License-Identifier: Apache-2.0
// The messages between a camera's child and its parent over a socket: [u32 length][u8 type][payload], little endian. The
// child decodes untrusted pictures and may be taken over through one, so the parent treats its messages as hostile: every
// length has a bound, and the first violation ends the child.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "drivers/camera.h"
#include "models/base/device_event.h"
#include "models/base/result.h"

namespace gapura::drivers::link {

inline constexpr int child_descriptor = 3;
inline constexpr std::size_t longest_url = 2048;
inline constexpr std::size_t longest_detail = 512;
inline constexpr std::size_t longest_path = 4096;
inline constexpr std::size_t longest_fingerprint = 64;
inline constexpr std::size_t largest_jpeg = 4u << 20;
inline constexpr std::size_t largest_clip = 16u << 20;
inline constexpr std::size_t largest_view = 128u << 10;
inline constexpr std::uint64_t most_landmarks = 64;
inline constexpr std::size_t largest_part = 256u << 10;  // of a clip: other messages do not wait long behind one

// --- to the child
struct Settings {
  std::string url;
  bool reads_badges = true;
  double fps = 0;
  Millis frame_limit{2000};
  bool keeps_clips = false;
  PictureLimits picture = {};
  Millis health{250}, reconnect{1000};
  ViewBytes view = {};
  TlsTrust tls = {};
};
struct Watch {
  BootTime until;            // encode previews until then
  BootTime live_until = {};  // and every picture until then
};
struct StillRequest {
  BootTime after;  // a picture captured at this instant or later
};
struct ClipRequest {
  std::uint64_t number = 0;
  BootTime from, until;
};
struct AcceptView {};  // the present view is right
using ToChild = std::variant<Settings, Watch, StillRequest, ClipRequest, AcceptView>;

// --- from the child
struct Reading {
  BootTime captured;
  std::vector<std::string> payloads;  // 1 to 8
  Still still;                        // jpeg may be empty
};
struct Picture {
  bool preview = false;  // false: a still that was requested
  Still still;
};
// One part of a clip, in order; the answer to one request is complete before the next begins. An answer without bytes:
// there is no clip.
struct ClipPart {
  std::uint64_t number = 0;
  bool last = false;
  BootTime from, until;
  std::vector<std::uint8_t> bytes;
  std::string why_not;
};
// Totals since the child's start, from which the parent computes rates. Sent every 250 ms (ChildLimits), independently of
// the other threads.
struct Health {
  std::uint64_t frames = 0, dropped = 0, decode_us = 0, search_us = 0;
  std::optional<BootTime> newest, searching_since, waiting_since;  // waiting: the capture thread, for its source
  int width = 0, height = 0;
  std::string detail;  // why there are no frames
  std::uint64_t late = 0;
  CameraFault fault = CameraFault::none;
  int landmarks = 0;
};
struct LearnedView {
  ViewBytes view;  // to be kept, and given to the next child
};
using FromChild = std::variant<Reading, Picture, Health, ClipPart, LearnedView>;

std::vector<std::uint8_t> encode(const ToChild& message);
std::vector<std::uint8_t> encode(const FromChild& message);

// Assembles messages from a byte stream. After an error every call returns that error.
template <class Message>
class Inbox {
 public:
  // Returns room for the next bytes of the stream; call filled() with the number received.
  std::span<std::uint8_t> room();
  void filled(std::size_t count) { used_ += count; }
  // Returns the next whole message; none when more bytes are needed. bad_input: the other side broke the protocol.
  Result<std::optional<Message>> next();

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t read_ = 0, used_ = 0;
};

extern template class Inbox<ToChild>;
extern template class Inbox<FromChild>;

}  // namespace gapura::drivers::link
