// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/link.h"

#include <cstring>

#include "drivers/camera/link_type.h"
#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers::link {
namespace {

constexpr int largest_side = 16384;

// For any bytes the values are within the requested bounds, or ok() is false.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}
  bool done() const { return ok_ && rest_.empty(); }

  std::uint64_t number(std::uint64_t most) {
    if (rest_.size() < 8) return refuse();
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value |= static_cast<std::uint64_t>(rest_[i]) << (8 * i);
    rest_ = rest_.subspan(8);
    return value <= most ? value : refuse();
  }
  std::uint64_t number() { return number(UINT64_MAX); }
  BootTime time() { return BootTime{Millis{static_cast<std::int64_t>(number(std::uint64_t{1} << 52))}}; }
  std::optional<BootTime> maybe_time() {
    const bool known = number(1) == 1;
    const BootTime at = time();
    return known ? std::optional(at) : std::nullopt;
  }
  template <class Bytes>
  Bytes bytes(std::size_t most) {
    const auto size = static_cast<std::size_t>(number(most));
    if (rest_.size() < size) refuse();
    if (!ok_) return {};
    Bytes value(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(size));
    rest_ = rest_.subspan(size);
    return value;
  }
  Still still() {
    Still still;
    still.captured = time();
    still.width = static_cast<int>(number(largest_side));
    still.height = static_cast<int>(number(largest_side));
    still.jpeg = bytes<std::vector<std::uint8_t>>(largest_jpeg);
    // Browsers get this as image/jpeg, so it must begin and end like one.
    const auto& jpeg = still.jpeg;
    const std::size_t n = jpeg.size();
    if (n != 0 && (n < 4 || jpeg[0] != 0xFF || jpeg[1] != 0xD8 || jpeg[n - 2] != 0xFF || jpeg[n - 1] != 0xD9)) refuse();
    return still;
  }
  std::uint64_t refuse() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

 private:
  std::span<const std::uint8_t> rest_;
  bool ok_ = true;
};

Settings read_settings(Reader& in) {
  Settings settings;
  settings.url = in.bytes<std::string>(longest_url);
  settings.reads_badges = in.number(1) == 1;
  settings.fps = static_cast<double>(in.number(1'000'000)) / 1000;
  const auto limit = [&] { return Millis{static_cast<std::int64_t>(in.number(3'600'000))}; };
  settings.frame_limit = limit();
  settings.keeps_clips = in.number(1) == 1;
  for (Millis* each : {&settings.picture.black, &settings.picture.covered, &settings.picture.frozen,
                       &settings.picture.recovered, &settings.picture.moved, &settings.health, &settings.reconnect})
    *each = limit();
  settings.view = in.bytes<ViewBytes>(largest_view);
  settings.tls.verify = in.number(1) == 1;
  settings.tls.ca_file = in.bytes<std::string>(longest_path);
  settings.tls.fingerprint = in.bytes<std::string>(longest_fingerprint);
  return settings;
}
ClipPart read_clip_part(Reader& in) {
  ClipPart part;
  part.number = in.number();
  part.last = in.number(1) == 1;
  part.from = in.time();
  part.until = in.time();
  part.bytes = in.bytes<std::vector<std::uint8_t>>(largest_part);
  part.why_not = in.bytes<std::string>(longest_detail);
  return part;
}
Reading read_reading(Reader& in) {
  Reading reading;
  reading.captured = in.time();
  const std::uint64_t count = in.number(most_codes_per_picture);
  if (count == 0) in.refuse();
  for (std::uint64_t i = 0; i < count; ++i) reading.payloads.push_back(in.bytes<std::string>(largest_payload));
  reading.still = in.still();
  return reading;
}
Health read_health(Reader& in) {
  Health health;
  for (auto* value : {&health.frames, &health.dropped, &health.decode_us, &health.search_us}) *value = in.number();
  for (auto* at : {&health.newest, &health.searching_since, &health.waiting_since}) *at = in.maybe_time();
  health.width = static_cast<int>(in.number(largest_side));
  health.height = static_cast<int>(in.number(largest_side));
  health.detail = in.bytes<std::string>(longest_detail);
  health.late = in.number();
  health.fault = static_cast<CameraFault>(in.number(words<CameraFault>.size() - 1));
  health.landmarks = static_cast<int>(in.number(most_landmarks));
  return health;
}

void parse(Type type, Reader& in, ToChild& message) {
  switch (type) {
    case Type::settings:
      message = read_settings(in);
      break;
    case Type::watch: {
      Watch watch;
      watch.until = in.time();
      watch.live_until = in.time();
      message = watch;
      break;
    }
    case Type::still_request:
      message = StillRequest{in.time()};
      break;
    case Type::clip_request: {
      ClipRequest request;
      request.number = in.number();
      request.from = in.time();
      request.until = in.time();
      message = request;
      break;
    }
    case Type::accept_view:
      message = AcceptView{};
      break;
    default:
      in.refuse();
  }
}
void parse(Type type, Reader& in, FromChild& message) {
  switch (type) {
    case Type::reading:
      message = read_reading(in);
      break;
    case Type::picture: {
      Picture picture;
      picture.preview = in.number(1) == 1;
      picture.still = in.still();
      message = std::move(picture);
      break;
    }
    case Type::health:
      message = read_health(in);
      break;
    case Type::clip_part:
      message = read_clip_part(in);
      break;
    case Type::learned_view:
      message = LearnedView{in.bytes<ViewBytes>(largest_view)};
      break;
    default:
      in.refuse();
  }
}

constexpr std::size_t longest_message = largest_jpeg + most_codes_per_picture * (largest_payload + 8) + 256;

}  // namespace

template <class Message>
std::span<std::uint8_t> Inbox<Message>::room() {
  constexpr std::size_t chunk = 64u << 10;
  if (read_ != 0) {
    std::memmove(bytes_.data(), bytes_.data() + read_, used_ - read_);
    used_ -= read_;
    read_ = 0;
  }
  if (bytes_.size() < used_ + chunk) bytes_.resize(used_ + chunk);
  return {bytes_.data() + used_, chunk};
}

template <class Message>
Result<std::optional<Message>> Inbox<Message>::next() {
  if (used_ - read_ < header_size) return std::nullopt;
  const std::uint8_t* head = bytes_.data() + read_;
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length |= static_cast<std::size_t>(head[i]) << (8 * i);
  if (length > longest_message) return fail(ErrorKind::bad_input, "a message is too long");
  if (used_ - read_ < header_size + length) return std::nullopt;
  Reader in({head + header_size, length});
  Message message;
  parse(static_cast<Type>(head[4]), in, message);
  if (!in.done()) return fail(ErrorKind::bad_input, "a message is malformed");
  read_ += header_size + length;
  return std::optional<Message>(std::move(message));
}

template class Inbox<ToChild>;
template class Inbox<FromChild>;

}  // namespace gapura::drivers::link
