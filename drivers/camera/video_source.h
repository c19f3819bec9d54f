// SPDX-License-Identifier: Apache-2.0
// Frame sources: RTSP and HTTP MJPEG by libavformat, everything else (V4L2, files) by OpenCV.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "drivers/camera/address.h"
#include "drivers/camera/frame.h"
#include "models/base/result.h"

namespace gapura::drivers {

struct SourceLimits {
  Millis open{3000};   // until the stream is set up
  Millis frame{2000};  // between two frames
};

struct SourceState {
  bool late = false;  // the present pictures are older than a second and are withheld
  std::uint64_t late_frames = 0;
  std::optional<Millis> clock_error;  // how far the camera's time of day is ahead of ours, where the camera sends one
};

class PacketRing;
struct TlsTrust;

// One thread only. After an error the source is no longer usable: destroy it and open another one.
class VideoSource {
 public:
  virtual ~VideoSource() = default;
  // Blocks until the next frame, at most for the frame limit. Errors: timed_out, unavailable.
  virtual Result<Frame> next() = 0;
  virtual SourceState state() const { return {}; }
};

// Errors name the source without its user name and password; not_permitted: the camera refuses these; conflict: its
// certificate is not the expected one. `ring` gets the stream's packets where there are any (can_keep_clips() in camera.h);
// null: clips are not kept.
Result<std::unique_ptr<VideoSource>> open_source(const std::string& url, const TlsTrust& tls, SourceLimits limits,
                                                 PacketRing* ring = nullptr);

Result<std::unique_ptr<VideoSource>> open_with_libav(const std::string& url, const TlsTrust& tls, SourceLimits limits,
                                                     PacketRing* ring);
Result<std::unique_ptr<VideoSource>> open_with_opencv(const std::string& url, const TlsTrust& tls, SourceLimits limits);

// The containers that a network source may have: no playlist, because a playlist names further addresses.
inline constexpr const char* network_formats =
    "rtsp,mpjpeg,mjpeg,mpegts,flv,h264,hevc,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,asf,ogg";

}  // namespace gapura::drivers
