// SPDX-License-Identifier: Apache-2.0
#include "simulated/rtsp_camera.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gst/app/gstappsrc.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace gapura::simulated {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<const char*, 7> kConducts{"normal", "frozen", "black", "stall", "slow", "disconnect", "offline"};

Millis steady_now() { return std::chrono::duration_cast<Millis>(Clock::now().time_since_epoch()); }

std::string wall_stamp() {
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<Millis>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%d-%m-%Y %H:%M:%S}.{}", fmt::localtime(std::chrono::system_clock::to_time_t(now)), ms / 100);
}

FrameBytes black_frame(const CameraPlan& plan) {
  const auto luma = static_cast<std::size_t>(plan.width) * static_cast<std::size_t>(plan.height);
  FrameBytes frame(luma * 3 / 2, 128);
  std::fill_n(frame.begin(), luma, std::uint8_t{16});
  return frame;
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
  void clear() override {
    const std::lock_guard lock(mutex_);
    scene_.put_away();
  }
  void set_people(int count) override {
    const std::lock_guard lock(mutex_);
    scene_.set_people(count);
  }
  Status misbehave(const std::string& name, Millis length) override;
  std::string misbehaviour() const override {
    const std::lock_guard lock(mutex_);
    return conduct();
  }
  bool watched() const override { return watchers_ > 0; }
  std::uint64_t frames() const override { return frames_; }

  // What a feed asks for, once per interval. Empty: nothing is to be sent.
  FrameBytes next_frame() {
    const std::lock_guard lock(mutex_);
    const std::string name = conduct();
    if (name == "stall" || name == "offline") return {};
    if (name == "black") return black_frame(plan_);
    if (name == "slow" && steady_now() - last_drawn_ < Millis(1000)) return {};
    if (name != "frozen" || last_.empty()) {
      last_ = scene_.draw_i420(steady_now(), wall_stamp());
      last_drawn_ = steady_now();
    }
    return last_;
  }

  void watch(int change) { watchers_ += change; }
  void count_frame() { ++frames_; }

 private:
  Status hold(const HeldItem& item, Millis length) {
    const std::lock_guard lock(mutex_);
    return scene_.hold(item, steady_now(), length);
  }
  std::string conduct() const {
    return conduct_until_ != Millis(0) && steady_now() >= conduct_until_ ? "normal" : conduct_;
  }

  // Constant after construction.
  const CameraPlan plan_;
  Server& server_;
  std::atomic<int> watchers_{0};
  std::atomic<std::uint64_t> frames_{0};
  // Guarded by mutex_.
  mutable std::mutex mutex_;
  BadgeScene scene_;
  std::string conduct_ = "normal";
  Millis conduct_until_{0}, last_drawn_{0};
  FrameBytes last_;
};

// Pushes frames into one pipeline for as long as that has viewers.
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
    const auto interval =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / camera_->plan().fps));
    auto due = Clock::now();
    while (!stop.stop_requested()) {
      if (const FrameBytes frame = camera_->next_frame(); !frame.empty()) push(frame);
      due = std::max(due + interval, Clock::now());  // a late frame is not caught up with
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, stop, due, [] { return false; });
    }
    camera_->watch(-1);
  }
  // Before the pipeline plays it refuses buffers; those frames are simply not seen by anybody.
  void push(const FrameBytes& frame) {
    GstBuffer* buffer = gst_buffer_new_memdup(frame.data(), frame.size());
    if (gst_app_src_push_buffer(GST_APP_SRC(source_), buffer) == GST_FLOW_OK) camera_->count_frame();
  }

  std::shared_ptr<Camera> camera_;
  GstElement* source_;  // one reference is ours
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

// The caps that appsrc announces; the encoder and everything after it follow from them.
void configure_source(GstElement* source, const CameraPlan& plan) {
  GstCaps* caps = gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, plan.width,
                                      "height", G_TYPE_INT, plan.height, "framerate", GST_TYPE_FRACTION,
                                      static_cast<int>(plan.fps * 10), 10, nullptr);
  gst_app_src_set_caps(GST_APP_SRC(source), caps);
  gst_caps_unref(caps);
}

// No h264parse: the payloader takes the encoder's output, and plugins-bad with its hundred packages isn't needed.
std::string pipeline_for(const CameraPlan& plan) {
  return fmt::format(
      "( appsrc name=frames is-live=true format=time do-timestamp=true max-buffers=2 leaky-type=downstream"
      " ! x264enc tune=zerolatency speed-preset=ultrafast threads=1 trellis=false pass=quant quantizer=26 key-int-max={}"
      " ! rtph264pay name=pay0 pt=96 config-interval=-1 )",
      std::max(2, static_cast<int>(plan.fps)));
}

using CameraHolder = std::shared_ptr<Camera>;

void on_media(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer holder) {
  const CameraHolder camera = *static_cast<CameraHolder*>(holder);
  GstElement* bin = gst_rtsp_media_get_element(media);
  GstElement* source = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "frames");
  gst_object_unref(bin);
  configure_source(source, camera->plan());
  auto* feed = new Feed(camera, source);  // owned by the media
  g_object_set_data_full(G_OBJECT(media), "feed", feed, [](gpointer p) { delete static_cast<Feed*>(p); });
  g_signal_connect(media, "unprepared", G_CALLBACK(+[](GstRTSPMedia*, gpointer p) { static_cast<Feed*>(p)->stop(); }),
                   feed);
}

// Remembers which camera a client watches, so that one camera's clients can be dropped and the others kept.
void on_describe(GstRTSPClient* client, GstRTSPContext* context, gpointer) {
  g_object_set_data(G_OBJECT(client), "mount", const_cast<char*>(g_intern_string(context->uri->abspath)));
}

void on_client(GstRTSPServer*, GstRTSPClient* client, gpointer) {
  g_signal_connect(client, "describe-request", G_CALLBACK(on_describe), nullptr);
}

// Null drops every client. Only its socket is shut down: the client then closes itself in its own thread. To close it from
// here would pull the streams from under that thread, which goes on reading them for ever.
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
    if (listening_) stop_listening();
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
    // A client that asks for a stalled camera blocks its thread for up to 20 s; the others must not share it.
    GstRTSPThreadPool* pool = gst_rtsp_server_get_thread_pool(server_);
    gst_rtsp_thread_pool_set_max_threads(pool, 16);
    g_object_unref(pool);
    g_signal_connect(server_, "client-connected", G_CALLBACK(on_client), nullptr);
    port_ = port;
    if (auto up = listen(); !up) return up;
    tidy_sessions();
    thread_ = std::thread([this] { g_main_loop_run(loop_); });
    return {};
  }

  int port() const override { return port_; }
  std::string url(const std::string& camera) const override { return fmt::format("rtsp://127.0.0.1:{}/{}", port_, camera); }

  Result<RtspCamera*> add_camera(const CameraPlan& plan) override {
    if (find_camera(plan.name)) return fail(ErrorKind::conflict, "there is a camera " + plan.name + " already");
    auto camera = std::make_shared<Camera>(plan, *this);
    mount(camera);
    const std::lock_guard lock(mutex_);
    cameras_.push_back(camera);
    return camera.get();
  }

  RtspCamera* find_camera(const std::string& name) override { return find(name).get(); }

  std::vector<RtspCamera*> cameras() override {
    const std::lock_guard lock(mutex_);
    std::vector<RtspCamera*> all;
    for (const auto& camera : cameras_) all.push_back(camera.get());
    return all;
  }

  Status set_listening(bool up) override {
    const std::lock_guard lock(listening_mutex_);
    if (up == (listening_ != nullptr)) return {};
    if (up) return listen();
    stop_listening();
    drop_clients(nullptr);
    return {};
  }

  void drop(const std::string& name) { drop_clients(("/" + name).c_str()); }

  // Refuses the camera's mount (404), and admits it again after `length` (0: when told to).
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
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(cameras_.begin(), cameras_.end(), [&](const auto& camera) { return camera->plan().name == name; });
    return found == cameras_.end() ? nullptr : *found;
  }

  Status listen() {
    gst_rtsp_server_set_service(server_, std::to_string(port_).c_str());
    GError* error = nullptr;
    listening_ = gst_rtsp_server_create_source(server_, nullptr, &error);
    if (!listening_) {
      const std::string why = error ? error->message : "no reason given";
      g_clear_error(&error);
      return fail(ErrorKind::unavailable, fmt::format("RTSP port {} can't be opened: {}", port_, why));
    }
    g_source_attach(listening_, context_);
    port_ = gst_rtsp_server_get_bound_port(server_);
    return {};
  }

  void stop_listening() {
    g_source_destroy(listening_);
    g_source_unref(listening_);
    listening_ = nullptr;
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

  // A client over UDP that vanished without a farewell keeps its session until it is swept out.
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
  std::thread thread_;
  // Guarded by listening_mutex_.
  std::mutex listening_mutex_;
  GSource* listening_ = nullptr;
  std::atomic<int> port_{0};
  // Guarded by mutex_.
  std::mutex mutex_;
  std::vector<CameraHolder> cameras_;
};

Status Camera::misbehave(const std::string& name, Millis length) {
  if (std::find(kConducts.begin(), kConducts.end(), name) == kConducts.end()) {
    return fail(ErrorKind::bad_input,
                fmt::format("a camera can't be \"{}\"; it can be {}", name, fmt::join(kConducts, ", ")));
  }
  if (name == "disconnect") {
    server_.drop(plan_.name);
    return {};
  }
  bool was_refused = false;
  {
    const std::lock_guard lock(mutex_);
    was_refused = conduct_ == "offline";
    conduct_ = name;
    conduct_until_ = length > Millis(0) ? steady_now() + length : Millis(0);
  }
  if (name == "offline") {
    server_.refuse(plan_.name, length);
  } else if (was_refused) {
    server_.admit(plan_.name);
  }
  return {};
}

}  // namespace

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

#ifdef __SANITIZE_ADDRESS__
// libglib allocates 16 KiB when it is loaded, of which the leak check loses sight. Whoever links the cameras gets this
// exception.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libglib-2.0.so\n"; }
#endif
