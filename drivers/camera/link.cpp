// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/link.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers::link {
namespace {

constexpr std::size_t header_size = 5;
constexpr int largest_side = 16384;

enum class Type : std::uint8_t {
  settings = 1,
  watch,
  still_request,
  clip_request,
  reading = 16,
  picture,
  health,
  clip_part
};

class Writer {
 public:
  explicit Writer(Type type) : bytes_(header_size) { bytes_[4] = static_cast<std::uint8_t>(type); }
  void number(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  void time(BootTime at) { number(static_cast<std::uint64_t>(at.time_since_epoch().count())); }
  void time(const std::optional<BootTime>& at) {
    number(at ? 1 : 0);
    time(at.value_or(BootTime{}));
  }
  template <class Bytes>
  void bytes(const Bytes& value, std::size_t most) {
    const std::size_t size = std::min(value.size(), most);
    number(size);
    bytes_.insert(bytes_.end(), value.begin(), value.begin() + static_cast<std::ptrdiff_t>(size));
  }
  void still(const Still& still) {
    time(still.captured);
    number(static_cast<std::uint64_t>(still.width));
    number(static_cast<std::uint64_t>(still.height));
    bytes(still.jpeg.size() <= largest_jpeg ? still.jpeg : std::vector<std::uint8_t>{}, largest_jpeg);
  }
  std::vector<std::uint8_t> finish() {
    const std::size_t length = bytes_.size() - header_size;
    for (std::size_t i = 0; i < 4; ++i) bytes_[i] = static_cast<std::uint8_t>(length >> (8 * i));
    return std::move(bytes_);
  }

 private:
  std::vector<std::uint8_t> bytes_;
};

// Total: any bytes give values within the bounds asked for, or ok() is false.
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
    // Browsers get this as image/jpeg: it has to begin and end like one.
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

std::vector<std::uint8_t> encoded(const Settings& settings) {
  Writer out(Type::settings);
  out.bytes(settings.url, longest_url);
  out.number(settings.reads_badges ? 1 : 0);
  out.number(static_cast<std::uint64_t>(std::llround(std::clamp(settings.fps, 0.0, 1000.0) * 1000)));
  out.number(static_cast<std::uint64_t>(settings.frame_limit.count()));
  out.number(settings.keeps_clips ? 1 : 0);
  for (const Millis limit : {settings.picture.black, settings.picture.covered, settings.picture.frozen,
                             settings.picture.recovered, settings.health, settings.reconnect})
    out.number(static_cast<std::uint64_t>(limit.count()));
  return out.finish();
}
std::vector<std::uint8_t> encoded(const Watch& watch) {
  Writer out(Type::watch);
  out.time(watch.until);
  out.time(watch.live_until);
  return out.finish();
}
std::vector<std::uint8_t> encoded(const ClipRequest& request) {
  Writer out(Type::clip_request);
  out.number(request.number);
  out.time(request.from);
  out.time(request.until);
  return out.finish();
}
std::vector<std::uint8_t> encoded(const ClipPart& part) {
  Writer out(Type::clip_part);
  out.number(part.number);
  out.number(part.last ? 1 : 0);
  out.time(part.from);
  out.time(part.until);
  out.bytes(part.bytes, largest_part);
  out.bytes(part.why_not, longest_detail);
  return out.finish();
}
std::vector<std::uint8_t> encoded(const StillRequest& request) {
  Writer out(Type::still_request);
  out.time(request.after);
  return out.finish();
}
std::vector<std::uint8_t> encoded(const Reading& reading) {
  Writer out(Type::reading);
  out.time(reading.captured);
  const std::size_t count = std::min(reading.payloads.size(), most_codes_per_picture);
  out.number(count);
  for (std::size_t i = 0; i < count; ++i) out.bytes(reading.payloads[i], largest_payload);
  out.still(reading.still);
  return out.finish();
}
std::vector<std::uint8_t> encoded(const Picture& picture) {
  Writer out(Type::picture);
  out.number(picture.preview ? 1 : 0);
  out.still(picture.still);
  return out.finish();
}
std::vector<std::uint8_t> encoded(const Health& health) {
  Writer out(Type::health);
  for (const auto value : {health.frames, health.dropped, health.decode_us, health.search_us}) out.number(value);
  for (const auto& at : {health.newest, health.searching_since, health.waiting_since}) out.time(at);
  out.number(static_cast<std::uint64_t>(health.width));
  out.number(static_cast<std::uint64_t>(health.height));
  out.bytes(health.detail, longest_detail);
  out.number(health.late);
  out.number(static_cast<std::uint64_t>(health.fault));
  return out.finish();
}

Settings read_settings(Reader& in) {
  Settings settings;
  settings.url = in.bytes<std::string>(longest_url);
  settings.reads_badges = in.number(1) == 1;
  settings.fps = static_cast<double>(in.number(1'000'000)) / 1000;
  const auto limit = [&] { return Millis{static_cast<std::int64_t>(in.number(3'600'000))}; };
  settings.frame_limit = limit();
  settings.keeps_clips = in.number(1) == 1;
  for (Millis* each : {&settings.picture.black, &settings.picture.covered, &settings.picture.frozen,
                       &settings.picture.recovered, &settings.health, &settings.reconnect})
    *each = limit();
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
    default:
      in.refuse();
  }
}

constexpr std::size_t longest_message = largest_jpeg + most_codes_per_picture * (largest_payload + 8) + 256;

}  // namespace

std::vector<std::uint8_t> encode(const ToChild& message) {
  return std::visit([](const auto& each) { return encoded(each); }, message);
}
std::vector<std::uint8_t> encode(const FromChild& message) {
  return std::visit([](const auto& each) { return encoded(each); }, message);
}

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
