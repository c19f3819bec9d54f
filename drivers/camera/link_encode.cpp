// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "drivers/camera/link.h"
#include "drivers/camera/link_type.h"
#include "drivers/qr_reader/qr_reader.h"

namespace gapura::drivers::link {
namespace {

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

std::vector<std::uint8_t> encoded(const Settings& settings) {
  Writer out(Type::settings);
  out.bytes(settings.url, longest_url);
  out.number(settings.reads_badges ? 1 : 0);
  out.number(static_cast<std::uint64_t>(std::llround(std::clamp(settings.fps, 0.0, 1000.0) * 1000)));
  out.number(static_cast<std::uint64_t>(settings.frame_limit.count()));
  out.number(settings.keeps_clips ? 1 : 0);
  for (const Millis limit : {settings.picture.black, settings.picture.covered, settings.picture.frozen,
                             settings.picture.recovered, settings.picture.moved, settings.health, settings.reconnect})
    out.number(static_cast<std::uint64_t>(limit.count()));
  out.bytes(settings.view, largest_view);
  out.number(settings.tls.verify ? 1 : 0);
  out.bytes(settings.tls.ca_file, longest_path);
  out.bytes(settings.tls.fingerprint, longest_fingerprint);
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
std::vector<std::uint8_t> encoded(const AcceptView&) { return Writer(Type::accept_view).finish(); }
std::vector<std::uint8_t> encoded(const LearnedView& learned) {
  Writer out(Type::learned_view);
  out.bytes(learned.view, largest_view);
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
  out.number(static_cast<std::uint64_t>(health.landmarks));
  return out.finish();
}

}  // namespace

std::vector<std::uint8_t> encode(const ToChild& message) {
  return std::visit([](const auto& each) { return encoded(each); }, message);
}
std::vector<std::uint8_t> encode(const FromChild& message) {
  return std::visit([](const auto& each) { return encoded(each); }, message);
}

}  // namespace gapura::drivers::link
