// SPDX-License-Identifier: Apache-2.0
#include "simulated/devices/rtsp_camera.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gst/app/gstappsrc.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "drivers/mutex.h"
#include "simulated/devices/frame_pace.h"

namespace gapura::simulated {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<const char*, 17> kConducts{
    "normal", "frozen",   "black", "covered",    "moved",       "resize",  "huge",        "slow",       "mute",
    "stall",  "one_byte", "late",  "disconnect", "wrong_clock", "offline", "slow_stamps", "fast_stamps"};

// By how much a camera's stamps diverge from its pictures: 25 a second promised, 21 sent.
double stamp_drift(const std::string& conduct) {
  return conduct == "slow_stamps" ? -0.16 : conduct == "fast_stamps" ? 0.16 : 0;
}

Millis steady_now() { return std::chrono::duration_cast<Millis>(Clock::now().time_since_epoch()); }

std::string wall_stamp() {
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<Millis>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%d-%m-%Y %H:%M:%S}.{}", fmt::localtime(std::chrono::system_clock::to_time_t(now)), ms / 100);
}

FrameBytes even_frame(const CameraPlan& plan, std::uint8_t grey) {
  const auto luma = static_cast<std::size_t>(plan.width) * static_cast<std::size_t>(plan.height);
  FrameBytes frame(luma * 3 / 2, 128);
  std::fill_n(frame.begin(), luma, grey);
  return frame;
}

// Noise is the hardest picture to compress.
FrameBytes noise_frame(const CameraPlan& plan) {
  FrameBytes frame = even_frame(plan, 128);
  cv::Mat bytes(1, static_cast<int>(frame.size()), CV_8UC1, frame.data());
  cv::randu(bytes, 16, 235);
  return frame;
}

// A hand on the lens: a little light, and the sensor's noise.
FrameBytes covered_frame(const CameraPlan& plan) {
  FrameBytes frame = even_frame(plan, 70);
  cv::Mat luma(plan.height, plan.width, CV_8UC1, frame.data());
  cv::Mat noise(luma.size(), CV_8UC1);
  cv::randn(noise, 4, 2);
  luma += noise;
  return frame;
}

// Knocked: an eighth of the picture to the side, and four degrees askew.
void turn(CameraFrame& frame) {
  std::uint8_t* at = frame.bytes.data();
  for (const int shrink : {1, 2, 2}) {
    cv::Mat plane(frame.height / shrink, frame.width / shrink, CV_8UC1, at), turned;
    cv::Mat way = cv::getRotationMatrix2D(cv::Point2f(plane.size() / 2), 4, 1);
    way.at<double>(0, 2) += plane.cols / 8.0;
    cv::warpAffine(plane, turned, way, plane.size(), cv::INTER_LINEAR, cv::BORDER_REFLECT);
    turned.copyTo(plane);
    at += plane.total();
  }
}

CameraFrame half_of(CameraFrame&& frame) {
  CameraFrame half{{}, frame.width / 4 * 2, frame.height / 4 * 2};
  half.bytes.resize(static_cast<std::size_t>(half.width) * static_cast<std::size_t>(half.height) * 3 / 2);
  std::uint8_t* from = frame.bytes.data();
  std::uint8_t* to = half.bytes.data();
  for (const int shrink : {1, 2, 2}) {
    const cv::Mat plane(frame.height / shrink, frame.width / shrink, CV_8UC1, from);
    cv::Mat small(half.height / shrink, half.width / shrink, CV_8UC1, to);
    cv::resize(plane, small, small.size(), 0, 0, cv::INTER_AREA);
    from += plane.total();
    to += small.total();
  }
  return half;
}

class Server;

class Camera final : public RtspCamera {
 public:
  Camera(const CameraPlan& plan, Server& server)
      : plan_(plan), server_(server), scene_({plan.place, plan.width, plan.height, plan.seed}) {}

  const CameraPlan& plan() const override { return plan_; }

  Status show(const std::string& code, Millis length) override { return hold({{code}, {}}, length); }
  Status show_two(const std::string& left, const std::string& right, Millis length) override {
    return hold({{left, right}, {}}, length);
  }
  Status show_picture(const std::vector<std::uint8_t>& picture, Millis length) override {
    return hold({{}, picture}, length);
  }
  Status show_sheet(const std::string& code, Millis length) override {
    const MutexLock lock(mutex_);
    return scene_.lay_sheet(code, steady_now(), length);
  }
  void clear() override {
    const MutexLock lock(mutex_);
    scene_.put_away();
  }
  void set_people(int count) override {
    const MutexLock lock(mutex_);
    scene_.set_people(count);
  }
  Status misbehave(const std::string& name, Millis length) override;
  std::string misbehaviour() const override {
    const MutexLock lock(mutex_);
    return conduct();
  }
  bool watched() const override { return watchers_ > 0; }
  std::uint64_t frames() const override { return frames_; }

  CameraFrame next_frame() override {
    const MutexLock lock(mutex_);
    const std::string name = conduct();
    if (name == "stall" || name == "offline") return {};
    if (name == "slow" && steady_now() - last_drawn_ < Millis(1000)) return {};
    if (name == "black") return whole(even_frame(plan_, 16));
    if (name == "covered") return whole(covered_frame(plan_));
    if (name == "huge" && steady_now() - last_drawn_ >= Millis(1000)) {
      last_drawn_ = steady_now();
      return whole(noise_frame(plan_));
    }
    if (name != "frozen" || last_.empty()) {
      last_ = scene_.draw_i420(steady_now(), wall_stamp());
      if (name != "huge") last_drawn_ = steady_now();
    }
    CameraFrame frame = whole(last_);
    if (name == "moved") turn(frame);
    return name == "resize" ? half_of(std::move(frame)) : frame;
  }

  void watch(int change) override { watchers_ += change; }
  std::uint64_t cuts() const override { return cuts_; }
  void count_frame() { ++frames_; }

 private:
  CameraFrame whole(FrameBytes bytes) const { return {std::move(bytes), plan_.width, plan_.height}; }
  Status hold(const HeldItem& item, Millis length) {
    const MutexLock lock(mutex_);
    return scene_.hold(item, steady_now(), length);
  }
  std::string conduct() const REQUIRES(mutex_) {
    return conduct_until_ != Millis(0) && steady_now() >= conduct_until_ ? "normal" : conduct_;
  }

  // Constant after construction.
  const CameraPlan plan_;
  Server& server_;
  std::atomic<int> watchers_{0};
  std::atomic<std::uint64_t> frames_{0}, cuts_{0};
  mutable Mutex mutex_;
  BadgeScene scene_ GUARDED_BY(mutex_);
  std::string conduct_ GUARDED_BY(mutex_) = "normal";
  Millis conduct_until_ GUARDED_BY(mutex_){0}, last_drawn_ GUARDED_BY(mutex_){0};
  FrameBytes last_ GUARDED_BY(mutex_);
};

// Pushes frames into one pipeline while it has viewers.
class Feed {
 public:
  Feed(std::shared_ptr<Camera> camera, GstElement* source) : camera_(std::move(camera)), source_(source) {
    camera_->watch(1);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  ~Feed() {
    thread_.request_stop();
    thread_.join();
    gst_object_unref(source_);
  }
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;
  void stop() { thread_.request_stop(); }

 private:
  void run(const std::stop_token& stop) {
    FramePace pace(camera_->plan().fps);
    while (!stop.stop_requested()) {
      if (const CameraFrame frame = camera_->next_frame(); !frame.bytes.empty()) push(frame);
      MutexLock lock(mutex_);
      wake_.wait_until(lock, stop, pace.next(), [] { return false; });
    }
    camera_->watch(-1);
  }
  // Until the pipeline plays it refuses buffers; those frames are lost.
  void push(const CameraFrame& frame) {
    if (frame.width != width_) announce(frame);
    GstBuffer* buffer = gst_buffer_new_memdup(frame.bytes.data(), frame.bytes.size());
    if (gst_app_src_push_buffer(GST_APP_SRC(source_), buffer) == GST_FLOW_OK) camera_->count_frame();
  }

  // Sets the caps of appsrc; the encoder and everything after it follow from them.
  void announce(const CameraFrame& frame) {
    GstCaps* caps = gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, frame.width,
                                        "height", G_TYPE_INT, frame.height, "framerate", GST_TYPE_FRACTION,
                                        static_cast<int>(camera_->plan().fps * 10), 10, nullptr);
    gst_app_src_set_caps(GST_APP_SRC(source_), caps);
    gst_caps_unref(caps);
    width_ = frame.width;
  }

  std::shared_ptr<Camera> camera_;
  int width_ = 0;       // as announced
  GstElement* source_;  // one reference is ours
  Mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

// No h264parse: the payloader takes the encoder's output directly, and plugins-bad with its hundred packages is not needed.
std::string pipeline_for(const CameraPlan& plan) {
  return fmt::format(
      "( appsrc name=frames is-live=true format=time do-timestamp=true max-buffers=2 leaky-type=downstream"
      " ! x264enc tune=zerolatency speed-preset=ultrafast threads=1 trellis=false pass=quant quantizer=26 key-int-max={}"
      " ! rtph264pay name=pay0 pt=96 config-interval=-1 )",
      std::max(2, static_cast<int>(plan.fps)));
}

using CameraHolder = std::shared_ptr<Camera>;

// A camera whose clock was never set: its sender reports count from the start of the stream instead of from 1900.
void on_prepared(GstRTSPMedia* media, gpointer) {
  GstElement* bin = gst_rtsp_media_get_element(media);
  GstObject* pipeline = gst_element_get_parent(bin);
  gst_object_unref(bin);
  if (!pipeline) return;
  GstIterator* found = gst_bin_iterate_all_by_element_factory_name(GST_BIN(pipeline), "rtpbin");
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next(found, &item) == GST_ITERATOR_OK) {
    gst_util_set_object_arg(G_OBJECT(g_value_get_object(&item)), "ntp-time-source", "running-time");
    g_value_reset(&item);
  }
  gst_iterator_free(found);
  gst_object_unref(pipeline);
}

// Makes the stamps of a stream's packets diverge as its camera's misbehaviour says; a lag is never made up for. They are
// changed in the packets and not in the pipeline, which would wait for a picture from the future.
class StampDrift {
 public:
  explicit StampDrift(CameraHolder camera) : camera_(std::move(camera)) {}

  static GstPadProbeReturn on_packets(GstPad*, GstPadProbeInfo* info, gpointer self) {
    auto& drift = *static_cast<StampDrift*>(self);
    if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
      GstBufferList* list = gst_buffer_list_make_writable(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
      for (guint i = 0; i < gst_buffer_list_length(list); ++i) drift.stamp(gst_buffer_list_get_writable(list, i));
      GST_PAD_PROBE_INFO_DATA(info) = list;
    } else {
      GstBuffer* packet = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
      drift.stamp(packet);
      GST_PAD_PROBE_INFO_DATA(info) = packet;
    }
    return GST_PAD_PROBE_OK;
  }

 private:
  // All packets of a picture have one time and so one stamp: bytes 4 to 7, in ticks of 90 kHz.
  void stamp(GstBuffer* packet) {
    const GstClockTime at = GST_BUFFER_PTS(packet);
    if (at == GST_CLOCK_TIME_NONE) return;
    if (before_ && at > *before_)
      astray_ += static_cast<double>(at - *before_) * stamp_drift(camera_->misbehaviour()) * 90'000 / GST_SECOND;
    before_ = at;
    guint8 bytes[4];
    if (gst_buffer_extract(packet, 4, bytes, sizeof bytes) != sizeof bytes) return;
    GST_WRITE_UINT32_BE(bytes, GST_READ_UINT32_BE(bytes) + static_cast<guint32>(static_cast<gint64>(astray_)));
    gst_buffer_fill(packet, 4, bytes, sizeof bytes);
  }

  const CameraHolder camera_;
  std::optional<GstClockTime> before_;
  double astray_ = 0;  // ticks
};

void on_media(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer holder) {
  const CameraHolder camera = *static_cast<CameraHolder*>(holder);
  GstElement* bin = gst_rtsp_media_get_element(media);
  GstElement* source = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "frames");
  GstElement* payloader = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "pay0");
  gst_object_unref(bin);
  GstPad* packets = gst_element_get_static_pad(payloader, "src");
  gst_pad_add_probe(packets, GstPadProbeType(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                    &StampDrift::on_packets, new StampDrift(camera),
                    [](gpointer p) { delete static_cast<StampDrift*>(p); });
  gst_object_unref(packets);
  gst_object_unref(payloader);
  auto* feed = new Feed(camera, source);  // owned by the media
  g_object_set_data_full(G_OBJECT(media), "feed", feed, [](gpointer p) { delete static_cast<Feed*>(p); });
  if (camera->misbehaviour() == "wrong_clock") g_signal_connect(media, "prepared", G_CALLBACK(on_prepared), nullptr);
  g_signal_connect(media, "unprepared", G_CALLBACK(+[](GstRTSPMedia*, gpointer p) { static_cast<Feed*>(p)->stop(); }),
                   feed);
}

// Records which camera a client watches, so that one camera's clients can be dropped and the others kept.
void on_describe(GstRTSPClient* client, GstRTSPContext* context, gpointer) {
  g_object_set_data(G_OBJECT(client), "mount", const_cast<char*>(g_intern_string(context->uri->abspath)));
}

void on_client(GstRTSPServer*, GstRTSPClient* client, gpointer) {
  g_signal_connect(client, "describe-request", G_CALLBACK(on_describe), nullptr);
}

// Null drops every client. Only its socket is shut down, and the client closes itself in its own thread. Closing it from
// here would free the streams under that thread, which would go on reading them for ever.
GstRTSPFilterResult drop_of_mount(GstRTSPServer*, GstRTSPClient* client, gpointer mount) {
  const auto* watches = static_cast<const char*>(g_object_get_data(G_OBJECT(client), "mount"));
  const bool meant = !mount || (watches && std::string_view(watches).starts_with(static_cast<const char*>(mount)));
  GstRTSPConnection* connection = meant ? gst_rtsp_client_get_connection(client) : nullptr;
  if (GSocket* socket = connection ? gst_rtsp_connection_get_read_socket(connection) : nullptr) {
    g_socket_shutdown(socket, TRUE, TRUE, nullptr);
  }
  return GST_RTSP_FILTER_KEEP;
}

class Server final : public RtspServer {
 public:
  ~Server() override {
    wire_.reset();
    g_source_destroy(listening_);
    g_source_unref(listening_);
    drop_clients(nullptr);
    g_main_loop_quit(loop_);
    if (thread_.joinable()) thread_.join();
    g_object_unref(server_);
    g_main_loop_unref(loop_);
    g_main_context_unref(context_);
  }

  Status start(int port) {
    context_ = g_main_context_new();
    loop_ = g_main_loop_new(context_, FALSE);
    server_ = gst_rtsp_server_new();
    gst_rtsp_server_set_address(server_, "127.0.0.1");
    // A client of a stalled camera blocks its thread for up to 20 s, so clients do not share threads.
    GstRTSPThreadPool* pool = gst_rtsp_server_get_thread_pool(server_);
    gst_rtsp_thread_pool_set_max_threads(pool, 16);
    g_object_unref(pool);
    g_signal_connect(server_, "client-connected", G_CALLBACK(on_client), nullptr);
    TRY(listen());
    tidy_sessions();
    thread_ = std::thread([this] { g_main_loop_run(loop_); });
    wire_ = TRY(Wire::create(port, gst_rtsp_server_get_bound_port(server_), [this](const std::string& name) {
      const CameraHolder camera = find(name);
      return camera ? wire_conduct(*camera) : WireConduct::normal;
    }));
    return {};
  }

  int port() const override { return wire_->port(); }
  std::string url(const std::string& camera) const override {
    return fmt::format("rtsp://127.0.0.1:{}/{}", port(), camera);
  }

  Result<RtspCamera*> add_camera(const CameraPlan& plan) override {
    if (find_camera(plan.name)) return fail(ErrorKind::conflict, "there is a camera " + plan.name + " already");
    auto camera = std::make_shared<Camera>(plan, *this);
    mount(camera);
    const MutexLock lock(mutex_);
    cameras_.push_back(camera);
    return camera.get();
  }

  RtspCamera* find_camera(const std::string& name) override { return find(name).get(); }

  std::vector<RtspCamera*> cameras() override {
    const MutexLock lock(mutex_);
    std::vector<RtspCamera*> all;
    for (const auto& camera : cameras_) all.push_back(camera.get());
    return all;
  }

  Status set_listening(bool up) override { return wire_->set_listening(up); }

  void drop(const std::string& name) { drop_clients(("/" + name).c_str()); }

  // Refuses the camera's mount (404), and admits it again after `length` (0: at the next call).
  void refuse(const std::string& name, Millis length) {
    unmount(name);
    drop(name);
    if (length > Millis(0)) admit_later(name, length);
  }

  void admit(const std::string& name) {
    if (auto camera = find(name)) mount(camera);
  }

 private:
  CameraHolder find(const std::string& name) {
    const MutexLock lock(mutex_);
    const auto found =
        std::find_if(cameras_.begin(), cameras_.end(), [&](const auto& camera) { return camera->plan().name == name; });
    return found == cameras_.end() ? nullptr : *found;
  }

  // Listens behind the wire, to which clients connect.
  Status listen() {
    gst_rtsp_server_set_service(server_, "0");
    GError* error = nullptr;
    listening_ = gst_rtsp_server_create_source(server_, nullptr, &error);
    if (!listening_) {
      const std::string why = error ? error->message : "no reason given";
      g_clear_error(&error);
      return fail(ErrorKind::unavailable, fmt::format("the RTSP server can't be opened: {}", why));
    }
    g_source_attach(listening_, context_);
    return {};
  }

  void drop_clients(const char* mount) {
    GList* kept = gst_rtsp_server_client_filter(server_, drop_of_mount, const_cast<char*>(mount));
    g_list_free_full(kept, g_object_unref);
  }

  void mount(const CameraHolder& camera) {
    GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
    gst_rtsp_media_factory_set_launch(factory, pipeline_for(camera->plan()).c_str());
    gst_rtsp_media_factory_set_shared(factory, TRUE);
    g_signal_connect_data(
        factory, "media-configure", G_CALLBACK(on_media), new CameraHolder(camera),
        [](gpointer p, GClosure*) { delete static_cast<CameraHolder*>(p); }, GConnectFlags(0));
    GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server_);
    gst_rtsp_mount_points_add_factory(mounts, ("/" + camera->plan().name).c_str(), factory);
    g_object_unref(mounts);
  }

  void unmount(const std::string& name) {
    GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server_);
    gst_rtsp_mount_points_remove_factory(mounts, ("/" + name).c_str());
    g_object_unref(mounts);
  }

  void admit_later(const std::string& name, Millis length) {
    using Visit = std::pair<Server*, std::string>;
    GSource* timer = g_timeout_source_new(static_cast<guint>(length.count()));
    g_source_set_callback(
        timer,
        [](gpointer p) -> gboolean {
          auto& [server, camera] = *static_cast<Visit*>(p);
          const auto* found = server->find_camera(camera);
          if (found && found->misbehaviour() != "offline") server->admit(camera);
          return G_SOURCE_REMOVE;
        },
        new Visit(this, name), [](gpointer p) { delete static_cast<Visit*>(p); });
    g_source_attach(timer, context_);
    g_source_unref(timer);
  }

  // A client over UDP that vanished keeps its session until the session is removed here.
  void tidy_sessions() {
    GSource* timer = g_timeout_source_new_seconds(2);
    g_source_set_callback(
        timer,
        [](gpointer server) -> gboolean {
          GstRTSPSessionPool* pool = gst_rtsp_server_get_session_pool(GST_RTSP_SERVER(server));
          gst_rtsp_session_pool_cleanup(pool);
          g_object_unref(pool);
          return G_SOURCE_CONTINUE;
        },
        server_, nullptr);
    g_source_attach(timer, context_);
    g_source_unref(timer);
  }

  // Constant after start().
  GMainContext* context_ = nullptr;
  GMainLoop* loop_ = nullptr;
  GstRTSPServer* server_ = nullptr;
  GSource* listening_ = nullptr;
  std::thread thread_;
  std::unique_ptr<Wire> wire_;
  Mutex mutex_;
  std::vector<CameraHolder> cameras_ GUARDED_BY(mutex_);
};

Status Camera::misbehave(const std::string& name, Millis length) {
  if (std::find(kConducts.begin(), kConducts.end(), name) == kConducts.end()) {
    return fail(ErrorKind::bad_input,
                fmt::format("a camera can't be \"{}\"; it can be {}", name, fmt::join(kConducts, ", ")));
  }
  if (name == "disconnect") {
    ++cuts_;
    server_.drop(plan_.name);
    return {};
  }
  bool was_refused = false, clock_changes = false;
  {
    const MutexLock lock(mutex_);
    was_refused = conduct_ == "offline";
    clock_changes = (conduct_ == "wrong_clock") != (name == "wrong_clock");
    conduct_ = name;
    conduct_until_ = length > Millis(0) ? steady_now() + length : Millis(0);
  }
  if (clock_changes) server_.drop(plan_.name);  // a camera whose clock is set starts its sessions again
  if (name == "offline") {
    ++cuts_;
    server_.refuse(plan_.name, length);
  } else if (was_refused) {
    server_.admit(plan_.name);
  }
  return {};
}

}  // namespace

WireConduct wire_conduct(const RtspCamera& camera) {
  const std::string name = camera.misbehaviour();
  return name == "mute"       ? WireConduct::mute
         : name == "one_byte" ? WireConduct::one_byte
         : name == "late"     ? WireConduct::late
                              : WireConduct::normal;
}

Result<std::unique_ptr<RtspServer>> RtspServer::create(int port) {
  gst_init(nullptr, nullptr);
  for (const char* element : {"appsrc", "x264enc", "rtph264pay"}) {
    GstElementFactory* factory = gst_element_factory_find(element);
    if (!factory) {
      return fail(ErrorKind::unavailable, fmt::format("GStreamer has no {}: install gstreamer1.0-plugins-base, "
                                                      "-good and -ugly",
                                                      element));
    }
    gst_object_unref(factory);
  }
  auto server = std::make_unique<Server>();
  if (auto started = server->start(port); !started) {
    return tl::unexpected(started.error());
  }
  return server;
}

}  // namespace gapura::simulated
