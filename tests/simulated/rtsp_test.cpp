// SPDX-License-Identifier: Apache-2.0
// The simulated cameras over the wire: what libavformat, which the daemon uses as well, gets from them.
#include <ZXing/ReadBarcode.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "simulated/devices/rtsp_camera.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

using namespace gapura;
using namespace gapura::simulated;

namespace {

using Clock = std::chrono::steady_clock;

// One connection over TCP, with a limit on every wait.
class Viewer {
 public:
  explicit Viewer(const std::string& url) {
    AVDictionary* options = nullptr;
    av_dict_set(&options, "rtsp_transport", "tcp", 0);
    av_dict_set(&options, "probesize", "32768", 0);
    format_ = avformat_alloc_context();
    format_->interrupt_callback = {[](void* self) { return Clock::now() > static_cast<Viewer*>(self)->limit_ ? 1 : 0; },
                                   this};
    allow(Millis(25000));
    open_ = avformat_open_input(&format_, url.c_str(), nullptr, &options) == 0 && start_decoder();
    av_dict_free(&options);
  }
  ~Viewer() {
    allow(Millis(1000));
    avcodec_free_context(&decoder_);
    avformat_close_input(&format_);
    av_frame_free(&frame_);
    av_packet_free(&packet_);
  }
  Viewer(const Viewer&) = delete;
  Viewer& operator=(const Viewer&) = delete;

  bool open() const { return open_; }

  // The next decoded frame; null when none came in time or the connection ended.
  const AVFrame* next(Millis limit) {
    allow(limit);
    while (open_ && av_read_frame(format_, packet_) == 0) {
      const bool sent = avcodec_send_packet(decoder_, packet_) == 0;
      av_packet_unref(packet_);
      if (sent && avcodec_receive_frame(decoder_, frame_) == 0) return frame_;
    }
    return nullptr;
  }

  std::set<std::string> read_codes(Millis limit) {
    const AVFrame* frame = next(limit);
    if (!frame) return {};
    const ZXing::ImageView view(frame->data[0], frame->width, frame->height, ZXing::ImageFormat::Lum, frame->linesize[0]);
    std::set<std::string> texts;
    for (const auto& result : ZXing::ReadBarcodes(view, ZXing::DecodeHints().setFormats(ZXing::BarcodeFormat::QRCode))) {
      if (result.isValid()) texts.insert(std::string(result.bytes().begin(), result.bytes().end()));
    }
    return texts;
  }

  // Whether `text` is read within the limit.
  bool reads(const std::string& text, Millis limit) {
    for (const auto until = Clock::now() + limit; Clock::now() < until;) {
      if (read_codes(limit).contains(text)) return true;
    }
    return false;
  }

 private:
  void allow(Millis limit) { limit_ = Clock::now() + limit; }

  bool start_decoder() {
    if (avformat_find_stream_info(format_, nullptr) < 0 || format_->nb_streams == 0) return false;
    const AVCodecParameters* stream = format_->streams[0]->codecpar;
    const AVCodec* codec = avcodec_find_decoder(stream->codec_id);
    decoder_ = avcodec_alloc_context3(codec);
    decoder_->thread_count = 1;
    decoder_->flags |= AV_CODEC_FLAG_LOW_DELAY;
    return avcodec_parameters_to_context(decoder_, stream) >= 0 && avcodec_open2(decoder_, codec, nullptr) == 0;
  }

  Clock::time_point limit_;
  AVFormatContext* format_ = nullptr;
  AVCodecContext* decoder_ = nullptr;
  AVFrame* frame_ = av_frame_alloc();
  AVPacket* packet_ = av_packet_alloc();
  bool open_ = false;
};

struct Studio {
  std::unique_ptr<RtspServer> server;
  RtspCamera* camera = nullptr;

  Studio() {
    av_log_set_level(AV_LOG_QUIET);
    auto made = RtspServer::create(0);
    REQUIRE(made);
    server = std::move(*made);
    auto added = server->add_camera({"gate", Place::gate, 640, 480, 10, 1});
    REQUIRE(added);
    camera = *added;
  }
  std::string url() const { return server->url("gate"); }
};

}  // namespace

TEST_CASE("a badge shown to a simulated camera is read from its RTSP stream") {
  Studio studio;
  Viewer viewer(studio.url());
  REQUIRE(viewer.open());
  REQUIRE(viewer.next(Millis(20000)));
  CHECK(viewer.read_codes(Millis(20000)).empty());
  REQUIRE(studio.camera->show("G1:QED8WEX0 TPF5H:CB9DJ1.RG", Millis(60000)));
  CHECK(viewer.reads("G1:QED8WEX0 TPF5H:CB9DJ1.RG", Millis(30000)));
}

TEST_CASE("two viewers share a camera, and nothing is drawn without viewers") {
  Studio studio;
  CHECK(studio.camera->frames() == 0);
  {
    Viewer one(studio.url()), other(studio.url());
    CHECK(one.next(Millis(20000)));
    CHECK(other.next(Millis(20000)));
    CHECK(studio.camera->watched());
  }
  const auto limit = Clock::now() + Millis(30000);
  while (studio.camera->watched() && Clock::now() < limit) std::this_thread::yield();
  CHECK_FALSE(studio.camera->watched());
}

TEST_CASE("a stalled camera keeps its session and sends nothing, then goes on") {
  Studio studio;
  Viewer viewer(studio.url());
  REQUIRE(viewer.next(Millis(20000)));
  REQUIRE(studio.camera->misbehave("stall", Millis(0)));
  while (viewer.next(Millis(400))) {  // what was under way
  }
  CHECK_FALSE(viewer.next(Millis(800)));
  REQUIRE(studio.camera->misbehave("normal", Millis(0)));
  Viewer again(studio.url());
  CHECK(again.next(Millis(20000)));
}

TEST_CASE("an offline camera cuts its viewers and refuses new ones until its time is over") {
  Studio studio;
  Viewer viewer(studio.url());
  REQUIRE(viewer.next(Millis(20000)));
  REQUIRE(studio.camera->misbehave("offline", Millis(3000)));
  while (viewer.next(Millis(2000))) {}
  CHECK_FALSE(Viewer(studio.url()).open());
  bool back = false;
  for (const auto limit = Clock::now() + Millis(30000); !back && Clock::now() < limit;) back = Viewer(studio.url()).open();
  CHECK(back);
}

TEST_CASE("a server that goes down comes back on the same port") {
  Studio studio;
  const int port = studio.server->port();
  REQUIRE(studio.server->set_listening(false));
  CHECK_FALSE(Viewer(studio.url()).open());
  REQUIRE(studio.server->set_listening(true));
  CHECK(studio.server->port() == port);
  Viewer viewer(studio.url());
  CHECK(viewer.next(Millis(20000)));
}

TEST_CASE("a black camera shows no light") {
  Studio studio;
  REQUIRE(studio.camera->misbehave("black", Millis(0)));
  Viewer viewer(studio.url());
  const AVFrame* frame = viewer.next(Millis(20000));
  REQUIRE(frame);
  CHECK(frame->data[0][100 * frame->linesize[0] + 100] <= 20);
}

TEST_CASE("an unknown misbehaviour is refused with the list of known ones") {
  Studio studio;
  const Status done = studio.camera->misbehave("sulking", Millis(0));
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::bad_input);
  CHECK(done.error().message.find("frozen") != std::string::npos);
}
