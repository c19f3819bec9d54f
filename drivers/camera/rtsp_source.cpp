// SPDX-License-Identifier: Apache-2.0
// RTSP through libavformat and libavcodec: half of what VideoCapture costs, because the luminance plane goes to the reader
// as it left the decoder.
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <fmt/format.h>

#include <mutex>
#include <optional>
#include <utility>

#include "drivers/camera/video_source.h"
#include "drivers/reader.h"

namespace gapura::drivers {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct FormatDeleter {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};
struct CodecDeleter {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct PacketDeleter {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
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

class RtspSource final : public VideoSource {
 public:
  RtspSource(std::string name, SourceLimits limits) : name_(std::move(name)), limits_(limits) {}

  Status open(const std::string& url) {
    AVFormatContext* raw = avformat_alloc_context();
    if (raw == nullptr) return fail(ErrorKind::bug, "out of memory");
    raw->interrupt_callback = {&RtspSource::is_late, this};
    raw->max_delay = 0;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "rtsp_transport", "tcp", 0);
    av_dict_set(&options, "allowed_media_types", "video", 0);
    av_dict_set(&options, "fflags", "nobuffer", 0);
    av_dict_set(&options, "reorder_queue_size", "0", 0);
    av_dict_set(&options, "protocol_whitelist", "rtsp,rtp,tcp,tls,udp", 0);
    limit(limits_.open);
    const int opened = avformat_open_input(&raw, url.c_str(), nullptr, &options);  // frees `raw` when it fails
    av_dict_free(&options);
    if (opened < 0) return broken("no connection", opened);
    format_.reset(raw);
    // avformat_find_stream_info() is left out on purpose: the session description names the codec, and probing costs a
    // second.
    return open_decoder();
  }

  Result<Frame> next() override {
    limit(limits_.frame);
    for (;;) {
      if (auto frame = decoded()) return *frame;
      const int received = av_read_frame(format_.get(), packet_.get());
      if (received < 0) return tl::unexpected(broken("the stream broke off", received).error());
      if (packet_->stream_index == stream_) feed();
      av_packet_unref(packet_.get());
      if (SteadyClock::now() > deadline_) return tl::unexpected(broken("no picture", AVERROR_EXIT).error());
    }
  }

 private:
  static int is_late(void* self) { return SteadyClock::now() > static_cast<RtspSource*>(self)->deadline_ ? 1 : 0; }
  void limit(Millis from_now) { deadline_ = SteadyClock::now() + from_now; }

  Status broken(const char* what, int error) const {
    if (error == AVERROR_EXIT) return fail(ErrorKind::timed_out, fmt::format("{}: {} in time", name_, what));
    return fail(ErrorKind::unavailable, fmt::format("{}: {} ({})", name_, what, reason(error)));
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
    decoder_->thread_count = 1;  // threads by frame delay every picture by one frame each
    decoder_->flags |= AV_CODEC_FLAG_LOW_DELAY;
    decoder_->flags2 |= AV_CODEC_FLAG2_FAST;
    decoder_->max_pixels = most_pixels;
    if (const int opened = avcodec_open2(decoder_.get(), codec, nullptr); opened < 0)
      return broken("the decoder did not start", opened);
    return {};
  }

  // The instant of capture is that of the packet, before decoding.
  void feed() {
    received_ = boot_now();
    const auto begin = SteadyClock::now();
    // A damaged packet is no reason to reconnect: the decoder goes on at the next key frame.
    avcodec_send_packet(decoder_.get(), packet_.get());
    spent_ += std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin);
  }

  std::optional<Frame> decoded() {
    const auto begin = SteadyClock::now();
    FramePtr picture = new_frame();
    const int got = avcodec_receive_frame(decoder_.get(), picture.get());
    spent_ += std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin);
    if (got < 0) return std::nullopt;
    if (!is_planar_8_bit(static_cast<AVPixelFormat>(picture->format))) picture = converted(*picture);
    if (!picture) return std::nullopt;
    Frame frame = planes_of(picture);
    frame.captured = received_;
    frame.decode_time = std::exchange(spent_, {});
    return frame;
  }

  // Cameras that send ten bits or interleaved chroma: rare, so a conversion is good enough.
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
  // The one thread's.
  std::unique_ptr<AVFormatContext, FormatDeleter> format_;
  std::unique_ptr<AVCodecContext, CodecDeleter> decoder_;
  std::unique_ptr<AVPacket, PacketDeleter> packet_{av_packet_alloc()};
  std::unique_ptr<SwsContext, ScalerDeleter> scaler_;
  int stream_ = -1;
  SteadyClock::time_point deadline_;
  BootTime received_;
  std::chrono::microseconds spent_{0};
};

}  // namespace

Result<std::unique_ptr<VideoSource>> open_rtsp(const std::string& url, SourceLimits limits) {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_level(AV_LOG_QUIET);  // its lines hold addresses with passwords
    avformat_network_init();
  });
  auto source = std::make_unique<RtspSource>(without_credentials(url), limits);
  if (auto opened = source->open(url); !opened) return tl::unexpected(opened.error());
  return source;
}

}  // namespace gapura::drivers
