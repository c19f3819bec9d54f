// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/packet_ring.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "drivers/camera/packet.h"

namespace gapura::drivers {
namespace {

struct ParametersDeleter {
  void operator()(AVCodecParameters* parameters) const { avcodec_parameters_free(&parameters); }
};
struct FilterDeleter {
  void operator()(AVBSFContext* filter) const { av_bsf_free(&filter); }
};
// The container and the memory that it is written into.
struct OutputDeleter {
  void operator()(AVFormatContext* output) const {
    if (output->pb != nullptr) {
      std::uint8_t* bytes = nullptr;
      avio_close_dyn_buf(output->pb, &bytes);
      av_free(bytes);
    }
    avformat_free_context(output);
  }
};
using ParametersPtr = std::unique_ptr<AVCodecParameters, ParametersDeleter>;

constexpr AVRational clip_time{1, 90'000};

// One packet on its way into the container.
struct Piece {
  PacketPtr packet;
  BootTime received;
  std::int64_t pts = 0, dts = 0;  // in clip_time, from 0
};

tl::unexpected<Error> refused(const char* what, int error) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, text, sizeof text);
  return fail(ErrorKind::bug, fmt::format("the clip's container refused {} ({})", what, text));
}

// Uses the stream's own times where they are plausible; after a jump of the camera's clock, or without times, those of
// arrival.
void stamp(std::vector<Piece>& pieces, AVRational time_base) {
  bool sane = true;
  const std::int64_t first = pieces.front().packet->pts;
  for (auto& piece : pieces) {
    sane = sane && piece.packet->pts != AV_NOPTS_VALUE;
    if (!sane) break;
    piece.pts = av_rescale_q(piece.packet->pts - first, time_base, clip_time);
    const auto arrived = (piece.received - pieces.front().received).count() * 90;
    sane = std::abs(piece.pts - arrived) < std::int64_t{3} * clip_time.den;
  }
  if (!sane)
    for (auto& piece : pieces) piece.pts = (piece.received - pieces.front().received).count() * 90;
  // Decoding order is the order of arrival; the times are sorted and moved so that no picture is shown before it is
  // decoded.
  std::vector<std::int64_t> order;
  order.reserve(pieces.size());
  for (const auto& piece : pieces) order.push_back(piece.pts);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 1; i < order.size(); ++i) order[i] = std::max(order[i], order[i - 1] + 1);
  std::int64_t ahead = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) ahead = std::max(ahead, order[i] - pieces[i].pts);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    pieces[i].dts = order[i];
    pieces[i].pts += ahead;
  }
}

// Cameras change their parameter sets with the resolution, so those of the first picture are used.
void take_parameter_sets(AVCodecParameters& parameters, const AVPacket& first) {
  const AVBitStreamFilter* kind = av_bsf_get_by_name("extract_extradata");
  AVBSFContext* raw = nullptr;
  if (kind == nullptr || av_bsf_alloc(kind, &raw) < 0) return;
  const std::unique_ptr<AVBSFContext, FilterDeleter> filter(raw);
  avcodec_parameters_copy(filter->par_in, &parameters);
  if (av_bsf_init(filter.get()) < 0) return;  // a codec without any
  const PacketPtr packet(av_packet_clone(&first));
  if (av_bsf_send_packet(filter.get(), packet.get()) < 0 || av_bsf_receive_packet(filter.get(), packet.get()) < 0) return;
  std::size_t size = 0;
  const std::uint8_t* found = av_packet_get_side_data(packet.get(), AV_PKT_DATA_NEW_EXTRADATA, &size);
  if (found == nullptr || size == 0) return;
  av_freep(&parameters.extradata);
  parameters.extradata = static_cast<std::uint8_t*>(av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE));
  if (parameters.extradata == nullptr) return;
  std::copy_n(found, size, parameters.extradata);
  parameters.extradata_size = static_cast<int>(size);
}

Result<std::vector<std::uint8_t>> to_mp4(std::vector<Piece>& pieces, const AVCodecParameters& parameters) {
  AVFormatContext* raw = nullptr;
  if (const int made = avformat_alloc_output_context2(&raw, nullptr, "mp4", nullptr); made < 0)
    return refused("to start", made);
  const std::unique_ptr<AVFormatContext, OutputDeleter> output(raw);
  AVStream* stream = avformat_new_stream(output.get(), nullptr);
  if (stream == nullptr || avio_open_dyn_buf(&output->pb) < 0) return fail(ErrorKind::bug, "out of memory");
  avcodec_parameters_copy(stream->codecpar, &parameters);
  stream->codecpar->codec_tag = 0;
  take_parameter_sets(*stream->codecpar, *pieces.front().packet);
  stream->time_base = clip_time;
  output->flags |= AVFMT_FLAG_BITEXACT;  // the same packets give the same bytes, and no library's name
  if (const int begun = avformat_write_header(output.get(), nullptr); begun < 0) return refused("its head", begun);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    AVPacket& packet = *pieces[i].packet;
    packet.stream_index = 0;
    packet.pts = pieces[i].pts;
    packet.dts = pieces[i].dts;
    packet.duration = i + 1 < pieces.size() ? pieces[i + 1].dts - pieces[i].dts : 0;
    av_packet_rescale_ts(&packet, clip_time, stream->time_base);
    if (const int put = av_write_frame(output.get(), &packet); put < 0) return refused("a picture", put);
  }
  if (const int done = av_write_trailer(output.get()); done < 0) return refused("its end", done);
  std::uint8_t* bytes = nullptr;
  const int size = avio_close_dyn_buf(std::exchange(output->pb, nullptr), &bytes);
  std::vector<std::uint8_t> all(bytes, bytes + size);
  av_free(bytes);
  return all;
}

}  // namespace

struct PacketRing::Kept {
  PacketPtr packet;
  BootTime received;
};
struct PacketRing::Group {
  std::vector<Kept> packets;
  std::size_t bytes = 0;
};
struct PacketRing::Stream {
  ParametersPtr parameters{avcodec_parameters_alloc()};
  AVRational time_base{1, 1000};
};

PacketRing::PacketRing() = default;
PacketRing::~PacketRing() = default;

void PacketRing::begin(const AVCodecParameters& parameters, int time_base_num, int time_base_den) {
  const MutexLock lock(mutex_);
  stream_ = std::make_unique<Stream>();
  avcodec_parameters_copy(stream_->parameters.get(), &parameters);
  stream_->time_base = {time_base_num, time_base_den};
  groups_.clear();
  bytes_ = 0;
}

void PacketRing::set_size(int width, int height) {
  const MutexLock lock(mutex_);
  if (!stream_ || (stream_->parameters->width == width && stream_->parameters->height == height)) return;
  const bool known = stream_->parameters->width != 0;
  stream_->parameters->width = width;
  stream_->parameters->height = height;
  // The picture that showed the new size has its packet in the newest group; older groups have the old size.
  while (known && groups_.size() > 1) {
    bytes_ -= groups_.front().bytes;
    groups_.pop_front();
  }
}

void PacketRing::add(const AVPacket& packet, bool key, BootTime received) {
  PacketPtr copy(av_packet_clone(&packet));
  if (!copy || copy->size <= 0) return;
  const MutexLock lock(mutex_);
  if (!stream_ || (groups_.empty() && !key)) return;
  if (key) groups_.emplace_back();
  if (key) copy->flags |= AV_PKT_FLAG_KEY;
  const auto size = static_cast<std::size_t>(copy->size);
  groups_.back().packets.push_back({std::move(copy), received});
  groups_.back().bytes += size;
  bytes_ += size;
  while (groups_.size() > 1 && (bytes_ > most_bytes || groups_[1].packets.front().received <= received - span)) {
    bytes_ -= groups_.front().bytes;
    groups_.pop_front();
  }
  if (bytes_ > most_bytes) {  // one group alone: wait for the next key frame
    groups_.clear();
    bytes_ = 0;
  }
}

void PacketRing::clear() {
  const MutexLock lock(mutex_);
  groups_.clear();
  bytes_ = 0;
}

std::size_t PacketRing::bytes() const {
  const MutexLock lock(mutex_);
  return bytes_;
}

Result<Clip> PacketRing::cut(BootTime from, BootTime until) const {
  std::vector<Piece> pieces;
  ParametersPtr parameters(avcodec_parameters_alloc());
  AVRational time_base{1, 1000};
  {
    // Only references are taken under the lock, so that capturing continues.
    const MutexLock lock(mutex_);
    if (!stream_) return fail(ErrorKind::not_found, "the camera's stream keeps no clips");
    avcodec_parameters_copy(parameters.get(), stream_->parameters.get());
    time_base = stream_->time_base;
    std::size_t first = 0;
    while (first + 1 < groups_.size() && groups_[first + 1].packets.front().received <= from) ++first;
    for (std::size_t i = first; i < groups_.size(); ++i)
      for (const auto& kept : groups_[i].packets)
        if (kept.received <= until) pieces.push_back({PacketPtr(av_packet_clone(kept.packet.get())), kept.received});
  }
  if (pieces.empty() || pieces.back().received < from)
    return fail(ErrorKind::not_found, "nothing of that time came from the camera");
  stamp(pieces, time_base);
  auto bytes = TRY(to_mp4(pieces, *parameters));
  return Clip{std::move(bytes), pieces.front().received, pieces.back().received};
}

}  // namespace gapura::drivers
