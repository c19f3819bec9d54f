// SPDX-License-Identifier: Apache-2.0
// RTSP and HTTP MJPEG through libavformat and libavcodec: half the cost of VideoCapture, because the luminance plane goes
// to the reader as decoded; and the packets are available as evidence.
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <fmt/format.h>

#include <cstring>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "drivers/camera/frame_clock.h"
#include "drivers/camera/packet.h"
#include "drivers/camera/packet_ring.h"
#include "drivers/camera/relay.h"
#include "drivers/camera/video_source.h"
#include "drivers/reader.h"

namespace gapura::drivers {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr Millis clock_interval{2000};  // between two comparisons of clocks

struct FormatDeleter {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};
struct CodecDeleter {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct ScalerDeleter {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
using FramePtr = std::shared_ptr<AVFrame>;

FramePtr new_frame() {
  return FramePtr(av_frame_alloc(), [](AVFrame* frame) { av_frame_free(&frame); });
}

std::string reason(int error) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, text, sizeof text);
  return text;
}

// Eight bits per sample, luminance in a plane of its own, chroma in two more or none.
bool is_planar_8_bit(AVPixelFormat format) {
  const AVPixFmtDescriptor* about = av_pix_fmt_desc_get(format);
  if (about == nullptr || (about->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM)) != 0)
    return false;
  for (int i = 0; i < about->nb_components; ++i)
    if (about->comp[i].depth != 8 || about->comp[i].plane != i || about->comp[i].step != 1) return false;
  return about->nb_components == 1 || about->nb_components == 3;
}

bool is_full_range(const AVFrame& frame) {
  switch (frame.format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_GRAY8:
      return true;
    default:
      return frame.color_range == AVCOL_RANGE_JPEG;
  }
}

class LibavSource final : public VideoSource {
 public:
  LibavSource(std::string name, SourceLimits limits, PacketRing* ring)
      : name_(std::move(name)), limits_(limits), ring_(ring) {}

  Status open(const std::string& url, const TlsTrust& tls) {
    if (Relay::serves(url)) {
      auto relay = Relay::open(url, tls, limits_.open);
      if (!relay) return fail(relay.error().kind, fmt::format("{}: {}", name_, relay.error().message));
      relay_ = std::move(*relay);
    }
    TRY(open_format(relay_ ? relay_->url() : url));
    // avformat_find_stream_info() is not called: the session description names the codec, and probing takes a second.
    return open_decoder();
  }

  bool is_mjpeg() const { return decoder_->codec_id == AV_CODEC_ID_MJPEG; }
  SourceState state() const override { return state_; }

  Result<Frame> next() override {
    limit(limits_.frame);
    for (;;) {
      if (auto frame = decoded()) return *frame;
      const int received = av_read_frame(format_.get(), packet_.get());
      if (received < 0) return tl::unexpected(broken("the stream broke off", received).error());
      // When the stream breaks off libavformat returns the packets it had withheld, which are too late to be used.
      const bool in_time = SteadyClock::now() <= deadline_;
      if (in_time && packet_->stream_index == stream_) arrived();
      av_packet_unref(packet_.get());
      if (!in_time) return tl::unexpected(nothing_in_time());
    }
  }

 private:
  Status open_format(const std::string& url) {
    AVFormatContext* raw = avformat_alloc_context();
    if (raw == nullptr) return fail(ErrorKind::bug, "out of memory");
    raw->interrupt_callback = {&LibavSource::gives_up, this};
    raw->max_delay = 0;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "rtsp_transport", "tcp", 0);
    av_dict_set(&options, "allowed_media_types", "video", 0);
    av_dict_set(&options, "fflags", "nobuffer", 0);
    av_dict_set(&options, "reorder_queue_size", "0", 0);
    av_dict_set(&options, "probesize", "32768", 0);
    av_dict_set(&options, "protocol_whitelist", "rtsp,rtp,http,tcp,udp", 0);
    av_dict_set(&options, "format_whitelist", network_formats, 0);
    if (relay_ && url.starts_with("http"))
      av_dict_set(&options, "headers", fmt::format("Host: {}\r\n", relay_->address().authority).c_str(), 0);
    limit(limits_.open);
    opening_ = raw;
    opened_authority_ = split_address(url).value_or(SourceAddress{}).authority;
    const int opened = avformat_open_input(&raw, url.c_str(), nullptr, &options);  // frees `raw` when it fails
    opening_ = nullptr;
    av_dict_free(&options);
    if (opened < 0 && redirected_) return fail(ErrorKind::unavailable, fmt::format("{}: {}", name_, redirect_refused));
    if (const auto trouble = relay_ ? relay_->trouble() : std::nullopt; opened < 0 && trouble)
      return fail(trouble->kind, fmt::format("{}: {}", name_, trouble->message));
    if (opened == AVERROR_HTTP_UNAUTHORIZED || opened == AVERROR_HTTP_FORBIDDEN)
      return fail(ErrorKind::not_permitted, fmt::format("{}: the camera refuses this user name or password", name_));
    if (opened == AVERROR(EINVAL) && url.starts_with("http"))
      return fail(ErrorKind::bad_input, fmt::format("{}: not MJPEG", name_));
    if (opened < 0) return broken("no connection", opened);
    format_.reset(raw);
    return {};
  }

  // Called by libavformat whenever it waits; returns whether to give up.
  static int gives_up(void* self) {
    auto& source = *static_cast<LibavSource*>(self);
    // libavformat follows an RTSP redirect by itself, and stores the new address over the old one before it connects.
    if (source.opening_ != nullptr && source.opening_->url != nullptr) {
      const auto now = split_address(source.opening_->url);
      source.redirected_ |= !now || now->authority != source.opened_authority_;
    }
    return source.redirected_ || SteadyClock::now() > source.deadline_ ? 1 : 0;
  }
  void limit(Millis from_now) { deadline_ = SteadyClock::now() + from_now; }

  Status broken(const char* what, int error) const {
    if (error == AVERROR_EXIT) return fail(ErrorKind::timed_out, fmt::format("{}: {} in time", name_, what));
    return fail(ErrorKind::unavailable, fmt::format("{}: {} ({})", name_, what, reason(error)));
  }

  Error nothing_in_time() const {
    if (!state_.late) return broken("no picture", AVERROR_EXIT).error();
    return {ErrorKind::timed_out,
            fmt::format("{}: its pictures arrive {} s after they were taken", name_, (late_by_.count() + 500) / 1000)};
  }

  Status open_decoder() {
    for (unsigned i = 0; i < format_->nb_streams && stream_ < 0; ++i)
      if (format_->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO) stream_ = static_cast<int>(i);
    if (stream_ < 0) return fail(ErrorKind::unavailable, fmt::format("{}: the stream has no video", name_));
    const AVCodecParameters* parameters = format_->streams[stream_]->codecpar;
    const AVCodec* codec = avcodec_find_decoder(parameters->codec_id);
    if (codec == nullptr)
      return fail(ErrorKind::unavailable,
                  fmt::format("{}: no decoder for {}", name_, avcodec_get_name(parameters->codec_id)));
    decoder_.reset(avcodec_alloc_context3(codec));
    avcodec_parameters_to_context(decoder_.get(), parameters);
    decoder_->thread_count = 1;  // frame threads would delay every picture by one frame each
    decoder_->flags |= AV_CODEC_FLAG_LOW_DELAY;
    decoder_->flags2 |= AV_CODEC_FLAG2_FAST;
    decoder_->max_pixels = most_pixels;
    const AVCodecDescriptor* about = avcodec_descriptor_get(parameters->codec_id);
    intra_only_ = about != nullptr && (about->props & AV_CODEC_PROP_INTRA_ONLY) != 0;
    if (const int opened = avcodec_open2(decoder_.get(), codec, nullptr); opened < 0)
      return broken("the decoder did not start", opened);
    const AVRational base = format_->streams[stream_]->time_base;
    stamped_ = std::string_view(format_->iformat->name) == "rtsp";
    if (ring_ != nullptr) ring_->begin(*parameters, base.num, base.den);
    return {};
  }

  // The instant of capture is that of the packet, before decoding. Evidence also keeps packets that the reader does not
  // get.
  void arrived() {
    received_ = boot_now();
    const bool key = (packet_->flags & AV_PKT_FLAG_KEY) != 0 || intra_only_;
    if (!stamped_) packet_->pts = packet_->dts = AV_NOPTS_VALUE;
    if (ring_ != nullptr) ring_->add(*packet_, key, received_);
    compare_clocks();
    if (is_old(key)) {
      ++state_.late_frames;
      return;
    }
    const auto begin = SteadyClock::now();
    // A damaged packet is no reason to reconnect: the decoder continues at the next key frame.
    avcodec_send_packet(decoder_.get(), packet_.get());
    spent_ += std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin);
  }

  // When pictures are late they are not decoded, until a key frame arrives in time.
  bool is_old(bool key) {
    if (packet_->pts == AV_NOPTS_VALUE) return false;
    const AVRational base = format_->streams[stream_]->time_base;
    const Millis lag = clock_.lag(Millis{av_rescale_q(packet_->pts, base, {1, 1000})}, received_);
    if (lag > oldest_picture) {
      late_by_ = lag;
      state_.late = true;
    } else if (state_.late && key) {
      state_.late = false;
      avcodec_flush_buffers(decoder_.get());
    }
    return state_.late;
  }

  // Compares our clock with the camera's time of day, from its sender reports (RTCP).
  void compare_clocks() {
    if (received_ - clocks_compared_ < clock_interval) return;
    std::size_t size = 0;
    const std::uint8_t* bytes = av_packet_get_side_data(packet_.get(), AV_PKT_DATA_PRFT, &size);
    if (bytes == nullptr || size < sizeof(AVProducerReferenceTime)) return;
    clocks_compared_ = received_;
    AVProducerReferenceTime theirs{};
    std::memcpy(&theirs, bytes, sizeof theirs);
    const auto ours = std::chrono::system_clock::now().time_since_epoch();
    state_.clock_error = std::chrono::duration_cast<Millis>(std::chrono::microseconds(theirs.wallclock) - ours);
  }

  std::optional<Frame> decoded() {
    const auto begin = SteadyClock::now();
    FramePtr picture = new_frame();
    const int got = avcodec_receive_frame(decoder_.get(), picture.get());
    spent_ += std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin);
    if (got < 0) return std::nullopt;
    if (!is_planar_8_bit(static_cast<AVPixelFormat>(picture->format))) picture = converted(*picture);
    if (!picture) return std::nullopt;
    if (ring_ != nullptr) ring_->set_size(picture->width, picture->height);
    Frame frame = planes_of(picture);
    frame.captured = received_;
    frame.decode_time = std::exchange(spent_, {});
    return frame;
  }

  // For cameras that send ten bits or interleaved chroma: rare, so a conversion is good enough.
  FramePtr converted(const AVFrame& from) {
    FramePtr to = new_frame();
    to->format = AV_PIX_FMT_YUV420P;
    to->width = from.width;
    to->height = from.height;
    to->color_range = from.color_range;
    if (av_frame_get_buffer(to.get(), 0) < 0) return nullptr;
    scaler_.reset(sws_getCachedContext(scaler_.release(), from.width, from.height, static_cast<AVPixelFormat>(from.format),
                                       to->width, to->height, AV_PIX_FMT_YUV420P, SWS_POINT, nullptr, nullptr, nullptr));
    if (!scaler_) return nullptr;
    sws_scale(scaler_.get(), from.data, from.linesize, 0, from.height, to->data, to->linesize);
    return to;
  }

  static Frame planes_of(const FramePtr& picture) {
    const AVPixFmtDescriptor* about = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture->format));
    Frame frame;
    frame.y = {picture->data[0], picture->width, picture->height, picture->linesize[0]};
    if (about->nb_components == 3) {
      const int width = AV_CEIL_RSHIFT(picture->width, about->log2_chroma_w);
      const int height = AV_CEIL_RSHIFT(picture->height, about->log2_chroma_h);
      frame.u = {picture->data[1], width, height, picture->linesize[1]};
      frame.v = {picture->data[2], width, height, picture->linesize[2]};
    }
    frame.full_range = is_full_range(*picture);
    frame.owner = picture;
    return frame;
  }

  // Constant after construction.
  const std::string name_;
  const SourceLimits limits_;
  PacketRing* const ring_;  // null: clips are not kept
  // Used by the one thread only.
  std::unique_ptr<Relay> relay_;  // outlives the stream opened through it
  const AVFormatContext* opening_ = nullptr;
  std::string opened_authority_;
  bool redirected_ = false;
  std::unique_ptr<AVFormatContext, FormatDeleter> format_;
  std::unique_ptr<AVCodecContext, CodecDeleter> decoder_;
  PacketPtr packet_{av_packet_alloc()};
  std::unique_ptr<SwsContext, ScalerDeleter> scaler_;
  int stream_ = -1;
  bool intra_only_ = false;
  bool stamped_ = false;  // RTP carries the time a picture was taken; for MJPEG libavformat invents one
  FrameClock clock_;
  SourceState state_;
  Millis late_by_{0};  // of the last picture that was too old
  BootTime clocks_compared_;
  SteadyClock::time_point deadline_;
  BootTime received_;
  std::chrono::microseconds spent_{0};
};

}  // namespace

Result<std::unique_ptr<VideoSource>> open_with_libav(const std::string& url, const TlsTrust& tls, SourceLimits limits,
                                                     PacketRing* ring) {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_level(AV_LOG_QUIET);  // its lines contain addresses with passwords
    avformat_network_init();
  });
  auto source = std::make_unique<LibavSource>(without_credentials(url), limits, ring);
  TRY(source->open(url, tls));
  // Over HTTP anything may come; other streams than MJPEG are left to VideoCapture, which probes.
  if (url.starts_with("http") && !source->is_mjpeg())
    return fail(ErrorKind::bad_input, without_credentials(url) + ": not MJPEG");
  return source;
}

}  // namespace gapura::drivers
