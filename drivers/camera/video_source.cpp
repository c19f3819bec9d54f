// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/video_source.h"

#include "drivers/camera.h"

namespace gapura::drivers {
namespace {

bool is_rtsp(const std::string& url) { return url.starts_with("rtsp://") || url.starts_with("rtsps://"); }
bool is_http(const std::string& url) { return url.starts_with("http://") || url.starts_with("https://"); }

}  // namespace

bool can_keep_clips(const std::string& url) { return is_rtsp(url) || is_http(url); }

Result<std::unique_ptr<VideoSource>> open_source(const std::string& url, const TlsTrust& tls, SourceLimits limits,
                                                 PacketRing* ring) {
  if (!is_rtsp(url) && !is_http(url)) return open_with_opencv(url, tls, limits);
  auto source = open_with_libav(url, tls, limits, ring);
  const bool is_other = !source && source.error().kind == ErrorKind::bad_input;
  return is_other ? open_with_opencv(url, tls, limits) : std::move(source);
}

}  // namespace gapura::drivers
