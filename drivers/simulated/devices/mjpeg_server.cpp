// SPDX-License-Identifier: Apache-2.0
#include "simulated/devices/mjpeg_server.h"

#include <fmt/format.h>
#include <httplib.h>

#include <atomic>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "drivers/mutex.h"
#include "simulated/devices/frame_pace.h"

namespace gapura::simulated {
namespace {

std::vector<std::uint8_t> jpeg_of(CameraFrame& frame) {
  const cv::Mat planes(frame.height * 3 / 2, frame.width, CV_8UC1, frame.bytes.data());
  cv::Mat bgr;
  cv::cvtColor(planes, bgr, cv::COLOR_YUV2BGR_I420);
  std::vector<std::uint8_t> jpeg;
  cv::imencode(".jpg", bgr, jpeg, {cv::IMWRITE_JPEG_QUALITY, 85});
  return jpeg;
}

class MjpegHttp final : public MjpegCameras {
 public:
  explicit MjpegHttp(RtspServer& cameras) : cameras_(cameras) {}
  ~MjpegHttp() override {
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    http_.stop();
    wire_.reset();
    if (thread_.joinable()) thread_.join();
  }

  Status start(int port) {
    http_.new_task_queue = [] { return new httplib::ThreadPool(16); };
    http_.Get(R"(/([^/]+))", [this](const httplib::Request& request, httplib::Response& response) {
      RtspCamera* camera = cameras_.find_camera(request.matches[1]);
      if (!camera || camera->misbehaviour() == "offline") {
        response.status = 404;
        return;
      }
      serve(*camera, response);
    });
    const int inner = http_.bind_to_any_port("127.0.0.1");
    if (inner < 0) return fail(ErrorKind::unavailable, "no port is free for the MJPEG cameras");
    thread_ = std::thread([this] { http_.listen_after_bind(); });
    wire_ = TRY(Wire::create(port, inner, [this](const std::string& name) {
      const RtspCamera* camera = cameras_.find_camera(name);
      return camera ? wire_conduct(*camera) : WireConduct::normal;
    }));
    return {};
  }

  int port() const override { return wire_->port(); }
  std::string url(const std::string& camera) const override {
    return fmt::format("http://127.0.0.1:{}/{}", port(), camera);
  }

 private:
  void serve(RtspCamera& camera, httplib::Response& response) {
    camera.watch(1);
    const auto cuts = camera.cuts();
    response.set_content_provider(
        "multipart/x-mixed-replace; boundary=frame",
        [this, &camera, cuts, pace = FramePace(camera.plan().fps)](std::size_t, httplib::DataSink& sink) mutable {
          if (CameraFrame frame = camera.next_frame(); !frame.bytes.empty()) send(frame, sink);
          MutexLock lock(mutex_);
          wake_.wait_until(lock, pace.next(), [this]() REQUIRES(mutex_) { return stopping_; });
          return !stopping_ && camera.cuts() == cuts && sink.is_writable();
        },
        [&camera](bool) { camera.watch(-1); });
  }

  static void send(CameraFrame& frame, httplib::DataSink& sink) {
    const auto jpeg = jpeg_of(frame);
    const std::string head = fmt::format("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", jpeg.size());
    sink.write(head.data(), head.size());
    sink.write(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
    sink.write("\r\n", 2);
  }

  RtspServer& cameras_;
  httplib::Server http_;
  Mutex mutex_;
  Condition wake_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::unique_ptr<Wire> wire_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<MjpegCameras>> MjpegCameras::create(RtspServer& cameras, int port) {
  auto server = std::make_unique<MjpegHttp>(cameras);
  TRY(server->start(port));
  return server;
}

}  // namespace gapura::simulated
