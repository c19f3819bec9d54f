// SPDX-License-Identifier: Apache-2.0
// Where frames come from: RTSP by libavformat, everything else (HTTP MJPEG, V4L2, files) by OpenCV.
#pragma once

#include <memory>
#include <string>

#include "drivers/camera/frame.h"
#include "models/result.h"

namespace gapura::drivers {

struct SourceLimits {
  Millis open{3000};   // until the stream is set up
  Millis frame{2000};  // between two frames
};

// One thread only. After an error the source is of no further use: destroy it and open another one.
class VideoSource {
 public:
  virtual ~VideoSource() = default;
  // Blocks for the next frame, at most the limit for a frame. Errors: timed_out, unavailable.
  virtual Result<Frame> next() = 0;
};

// Errors name the source without its user name and password.
Result<std::unique_ptr<VideoSource>> open_source(const std::string& url, SourceLimits limits);

Result<std::unique_ptr<VideoSource>> open_rtsp(const std::string& url, SourceLimits limits);
Result<std::unique_ptr<VideoSource>> open_with_opencv(const std::string& url, SourceLimits limits);

// rtsp://user:secret@host/x → rtsp://host/x
std::string without_credentials(const std::string& url);

}  // namespace gapura::drivers
