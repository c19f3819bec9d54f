// SPDX-License-Identifier: Apache-2.0
// V4L2, files, and HTTP streams other than MJPEG, through OpenCV's VideoCapture.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <thread>

#include "drivers/camera/relay.h"
#include "drivers/camera/video_source.h"
#include "drivers/reader.h"

namespace gapura::drivers {
namespace {

using SteadyClock = std::chrono::steady_clock;

enum class Kind { network, device, file };

Kind kind_of(const std::string& url) {
  if (url.find("://") != std::string::npos && !url.starts_with("file://")) return Kind::network;
  return url.starts_with("/dev/video") ? Kind::device : Kind::file;
}

Frame frame_of(const cv::Mat& picture) {
  // I420 needs even sides; an odd last row or column is cut off.
  const cv::Rect even(0, 0, picture.cols & ~1, picture.rows & ~1);
  const auto planes = std::make_shared<cv::Mat>();
  Frame frame;
  frame.full_range = picture.channels() == 1;
  if (picture.channels() == 1) {
    *planes = picture.clone();
    frame.y = {planes->data, planes->cols, planes->rows, static_cast<int>(planes->step[0])};
  } else {
    cv::cvtColor(picture(even), *planes, cv::COLOR_BGR2YUV_I420);
    const int width = even.width, height = even.height;
    const std::uint8_t* u = planes->data + static_cast<std::ptrdiff_t>(width) * height;
    const std::uint8_t* v = u + static_cast<std::ptrdiff_t>(width / 2) * (height / 2);
    frame.y = {planes->data, width, height, width};
    frame.u = {u, width / 2, height / 2, width / 2};
    frame.v = {v, width / 2, height / 2, width / 2};
  }
  frame.owner = planes;
  return frame;
}

class OpenCvSource final : public VideoSource {
 public:
  OpenCvSource(std::string url, TlsTrust tls, SourceLimits limits)
      : url_(std::move(url)),
        name_(without_credentials(url_)),
        kind_(kind_of(url_)),
        tls_(std::move(tls)),
        limits_(limits) {}

  Status open() {
    // Timeouts work only as parameters of open(), and only with FFmpeg's back end.
    const int open_ms = static_cast<int>(limits_.open.count()), frame_ms = static_cast<int>(limits_.frame.count());
    bool opened = false;
    if (Relay::serves(url_)) {
      auto relay = Relay::open(url_, tls_, limits_.open);
      if (!relay) return fail(relay.error().kind, fmt::format("{}: {}", name_, relay.error().message));
      relay_ = std::move(*relay);
    }
    if (kind_ == Kind::device)
      opened = capture_.open(url_, cv::CAP_V4L2);
    else if (kind_ == Kind::file)
      opened = capture_.open(url_, cv::CAP_FFMPEG);
    else
      opened = capture_.open(relay_ ? relay_->url() : url_, cv::CAP_FFMPEG,
                             {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, open_ms, cv::CAP_PROP_READ_TIMEOUT_MSEC, frame_ms});
    if (const auto trouble = relay_ ? relay_->trouble() : std::nullopt; !opened && trouble)
      return fail(trouble->kind, fmt::format("{}: {}", name_, trouble->message));
    if (!opened) return fail(ErrorKind::unavailable, fmt::format("{}: cannot be opened as a video source", name_));
    const double fps = capture_.get(cv::CAP_PROP_FPS);
    period_ =
        std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(1 / std::clamp(fps, 1.0, 120.0)));
    due_ = SteadyClock::now();
    return {};
  }

  Result<Frame> next() override {
    if (kind_ == Kind::file) wait_for_turn();
    const auto begin = SteadyClock::now();
    bool got = capture_.grab();
    if (!got && kind_ == Kind::file) got = rewind();
    if (!got) return fail(ErrorKind::unavailable, fmt::format("{}: no further picture", name_));
    // After a stall VideoCapture returns one stale picture before it reports the loss.
    if (kind_ != Kind::file && SteadyClock::now() - begin >= limits_.frame)
      return fail(ErrorKind::timed_out, fmt::format("{}: no picture in time", name_));
    const BootTime captured = boot_now();
    const auto decoding = SteadyClock::now();
    if (!capture_.retrieve(picture_) || picture_.empty() || picture_.depth() != CV_8U || picture_.cols < 2 ||
        picture_.rows < 2)
      return fail(ErrorKind::unavailable, fmt::format("{}: a picture that cannot be decoded", name_));
    if (static_cast<double>(picture_.cols) * picture_.rows > most_pixels)
      return fail(ErrorKind::unavailable, fmt::format("{}: the picture is too large", name_));
    Frame frame = frame_of(picture_);
    frame.captured = captured;
    frame.decode_time = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - decoding);
    return frame;
  }

 private:
  void wait_for_turn() {
    std::this_thread::sleep_until(due_);
    due_ = std::max(due_ + period_, SteadyClock::now() - period_);
  }

  bool rewind() {
    capture_.release();
    return open().has_value() && capture_.grab();
  }

  // Constant after construction.
  const std::string url_, name_;
  const Kind kind_;
  const TlsTrust tls_;
  const SourceLimits limits_;
  // Used by the one thread only.
  std::unique_ptr<Relay> relay_;  // outlives the stream opened through it
  cv::VideoCapture capture_;
  cv::Mat picture_;
  SteadyClock::duration period_{};
  SteadyClock::time_point due_;
};

}  // namespace

Result<std::unique_ptr<VideoSource>> open_with_opencv(const std::string& url, const TlsTrust& tls, SourceLimits limits) {
  auto source = std::make_unique<OpenCvSource>(url, tls, limits);
  TRY(source->open());
  return source;
}

}  // namespace gapura::drivers
