// SPDX-License-Identifier: Apache-2.0
#include "simulated/devices/hid_scanner.h"

#include <libevdev/libevdev-uinput.h>
#include <libevdev/libevdev.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "drivers/mutex.h"

namespace gapura::simulated {
namespace {

struct Stroke {
  std::uint16_t code;
  bool shift;
};

std::optional<Stroke> stroke_of(char c) {
  static constexpr std::string_view rows[][2] = {{"1234567890-=", "!@#$%^&*()_+"},
                                                 {"qwertyuiop[]", "QWERTYUIOP{}"},
                                                 {"asdfghjkl;'`", "ASDFGHJKL:\"~"},
                                                 {"\\zxcvbnm,./", "|ZXCVBNM<>?"}};
  static constexpr std::uint16_t first[] = {KEY_1, KEY_Q, KEY_A, KEY_BACKSLASH};
  if (c == '\r') return Stroke{KEY_ENTER, false};
  if (c == '\t') return Stroke{KEY_TAB, false};
  if (c == ' ') return Stroke{KEY_SPACE, false};
  for (std::size_t row = 0; row < 4; ++row)
    for (const bool shift : {false, true})
      if (const auto at = rows[row][shift].find(c); at != std::string_view::npos)
        return Stroke{static_cast<std::uint16_t>(first[row] + at), shift};
  return std::nullopt;
}

void add_key(std::vector<KeyEvent>& events, std::uint16_t code, std::int32_t value) {
  events.push_back({EV_KEY, code, value});
  events.push_back({EV_SYN, SYN_REPORT, 0});
}

class Uinput final : public HidScanner {
 public:
  ~Uinput() override { unplug(); }
  const std::string& path() const override { return path_; }

  Status plug() override {
    const MutexLock lock(mutex_);
    if (device_ != nullptr) return {};
    libevdev* plan = libevdev_new();
    libevdev_set_name(plan, "Gapura simulated barcode scanner");
    libevdev_set_id_bustype(plan, BUS_USB);
    libevdev_set_id_vendor(plan, 0x6761);
    libevdev_set_id_product(plan, 0x7075);
    for (unsigned code = KEY_ESC; code <= KEY_COMPOSE; ++code) libevdev_enable_event_code(plan, EV_KEY, code, nullptr);
    const int code = libevdev_uinput_create_from_device(plan, LIBEVDEV_UINPUT_OPEN_MANAGED, &device_);
    libevdev_free(plan);
    if (code < 0) return fail(ErrorKind::unavailable, std::string("/dev/uinput cannot be used: ") + std::strerror(-code));
    const char* node = libevdev_uinput_get_devnode(device_);
    path_ = node != nullptr ? node : "";
    return {};
  }

  void unplug() override {
    const MutexLock lock(mutex_);
    if (device_ != nullptr) libevdev_uinput_destroy(device_);
    device_ = nullptr;
  }

  Status send(const std::vector<KeyEvent>& events) override {
    const MutexLock lock(mutex_);
    if (device_ == nullptr) return fail(ErrorKind::conflict, "the scanner is unplugged");
    for (const KeyEvent& event : events)
      if (libevdev_uinput_write_event(device_, event.type, event.code, event.value) < 0)
        return fail(ErrorKind::unavailable, "the kernel took no key");
    return {};
  }

 private:
  Mutex mutex_;
  libevdev_uinput* device_ GUARDED_BY(mutex_) = nullptr;
  std::string path_;
};

class KeyStream final : public HidScanner {
 public:
  explicit KeyStream(std::string path) : path_(std::move(path)) {}
  ~KeyStream() override { unplug(); }
  const std::string& path() const override { return path_; }

  Status plug() override {
    const MutexLock lock(mutex_);
    if (listener_ >= 0) return {};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // The socket gets its name only when it is listening, as a device is ready when it appears.
    const std::string making = path_ + ".new";
    if (making.size() >= sizeof address.sun_path) return fail(ErrorKind::bad_input, path_ + " is too long for a socket");
    std::memcpy(address.sun_path, making.c_str(), making.size() + 1);
    ::unlink(making.c_str());
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener_, SOMAXCONN) != 0 || ::rename(making.c_str(), path_.c_str()) != 0)
      return fail(ErrorKind::unavailable, path_ + " cannot be made: " + std::strerror(errno));
    return {};
  }

  void unplug() override {
    const MutexLock lock(mutex_);
    if (listener_ < 0) return;
    ::unlink(path_.c_str());
    ::close(listener_);
    if (reader_ >= 0) ::close(reader_);
    listener_ = reader_ = -1;
  }

  Status send(const std::vector<KeyEvent>& events) override {
    const MutexLock lock(mutex_);
    if (listener_ < 0) return fail(ErrorKind::conflict, "the scanner is unplugged");
    accept_newest();
    std::vector<input_event> out(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      out[i].type = events[i].type;
      out[i].code = events[i].code;
      out[i].value = events[i].value;
    }
    std::string_view bytes(reinterpret_cast<const char*>(out.data()), out.size() * sizeof(input_event));
    while (reader_ >= 0 && !bytes.empty()) {
      const ssize_t count = ::send(reader_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    if (reader_ < 0 || !bytes.empty()) return fail(ErrorKind::unavailable, "nobody reads this scanner");
    return {};
  }

 private:
  // One reader at a time, the newest, as with a grabbed device. Called only at each scan, so a daemon started since the
  // last scan waits in the listener's queue.
  void accept_newest() REQUIRES(mutex_) {
    for (int next = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); next >= 0;
         next = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) {
      if (reader_ >= 0) ::close(reader_);
      reader_ = next;
    }
  }

  const std::string path_;
  Mutex mutex_;
  int listener_ GUARDED_BY(mutex_) = -1, reader_ GUARDED_BY(mutex_) = -1;
};

template <class Scanner>
Result<std::unique_ptr<HidScanner>> plugged(std::unique_ptr<Scanner> scanner) {
  TRY(scanner->plug());
  return scanner;
}

}  // namespace

std::vector<KeyEvent> typed(std::string_view text) {
  std::vector<KeyEvent> events;
  for (const char c : text) {
    const auto stroke = stroke_of(c);
    if (!stroke) continue;
    if (stroke->shift) add_key(events, KEY_LEFTSHIFT, 1);
    add_key(events, stroke->code, 1);
    add_key(events, stroke->code, 0);
    if (stroke->shift) add_key(events, KEY_LEFTSHIFT, 0);
  }
  return events;
}

Result<std::unique_ptr<HidScanner>> HidScanner::create_uinput() { return plugged(std::make_unique<Uinput>()); }
Result<std::unique_ptr<HidScanner>> HidScanner::create_stream(std::string path) {
  return plugged(std::make_unique<KeyStream>(std::move(path)));
}

}  // namespace gapura::simulated
