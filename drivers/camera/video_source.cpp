// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/video_source.h"

namespace gapura::drivers {

std::string without_credentials(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const auto host = scheme + 3;
  const auto path = url.find('/', host);
  // A password may hold an unescaped '@': the last one before the path ends the user information.
  const auto at = url.rfind('@', path);
  return at == std::string::npos || at < host ? url : url.substr(0, host) + url.substr(at + 1);
}

Result<std::unique_ptr<VideoSource>> open_source(const std::string& url, SourceLimits limits) {
  if (url.starts_with("rtsp://") || url.starts_with("rtsps://")) return open_rtsp(url, limits);
  return open_with_opencv(url, limits);
}

}  // namespace gapura::drivers
