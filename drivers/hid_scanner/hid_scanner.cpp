// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <libevdev/libevdev.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "drivers/hid_scanner/input_devices.h"
#include "drivers/hid_scanner/key_decoder.h"
#include "drivers/serial_scanner/scan_source.h"
#include "drivers/serial_scanner/serial_line.h"

namespace gapura::drivers {
namespace {

// What both kinds of event stream share: from keys to characters to scans.
class Keys {
 public:
  explicit Keys(KeyLayout layout) : decoder_(layout) {}

  void event(std::uint16_t type, std::uint16_t code, std::int32_t value, ScanFramer& framer,
             const std::function<void(Scan)>& done) {
    if (type == EV_SYN && code == SYN_DROPPED) return lost(framer);
    if (type != EV_KEY) return;
    const KeyPress press = decoder_.key(code, value);
    if (press.unknown) framer.spoil(ScanFault::unknown_key);
    if (!press.character) return;
    if (auto scan = framer.put(*press.character)) done(std::move(*scan));
  }
  // The kernel's queue overflowed: a press or release of Shift may be lost.
  void lost(ScanFramer& framer) {
    decoder_.release_all();
    framer.spoil(ScanFault::lost_events);
  }
  // Takes over which of the modifier keys are down.
  void resync(const libevdev* device) {
    for (const std::uint16_t code : {KEY_LEFTSHIFT, KEY_RIGHTSHIFT, KEY_LEFTCTRL, KEY_RIGHTCTRL, KEY_LEFTALT, KEY_RIGHTALT})
      if (libevdev_get_event_value(device, EV_KEY, code) != 0) decoder_.resync(code, true);
  }

 private:
  KeyDecoder decoder_;
};

// A kernel device, grabbed: no other program gets its keys while this exists.
class GrabbedDevice final : public ScanSource {
 public:
  GrabbedDevice(int fd, libevdev* device, KeyLayout layout) : fd_(fd), device_(device), keys_(layout) {}
  ~GrabbedDevice() override {
    libevdev_grab(device_, LIBEVDEV_UNGRAB);
    libevdev_free(device_);
    ::close(fd_);
  }
  int fd() const override { return fd_; }
  std::string name() const override {
    return fmt::format("{} ({})", libevdev_get_name(device_),
                       to_text({static_cast<std::uint16_t>(libevdev_get_id_vendor(device_)),
                                static_cast<std::uint16_t>(libevdev_get_id_product(device_))}));
  }

  Status read(ScanFramer& framer, const std::function<void(Scan)>& done) override {
    for (;;) {
      input_event event{};
      const int code = libevdev_next_event(device_, syncing_ ? LIBEVDEV_READ_FLAG_SYNC : LIBEVDEV_READ_FLAG_NORMAL, &event);
      if (code == LIBEVDEV_READ_STATUS_SUCCESS) {
        keys_.event(event.type, event.code, event.value, framer, done);
      } else if (code == LIBEVDEV_READ_STATUS_SYNC) {
        if (!syncing_) keys_.lost(framer);
        syncing_ = true;  // read on until libevdev has the device's state again
      } else if (code == -EAGAIN && syncing_) {
        syncing_ = false;
        keys_.resync(device_);
      } else if (code == -EAGAIN) {
        return {};
      } else {
        return fail(ErrorKind::unavailable, "the scanner was unplugged");
      }
    }
  }

 private:
  const int fd_;
  libevdev* const device_;
  Keys keys_;
  bool syncing_ = false;
};

// The same events from a socket: a recording, or a simulated scanner where the kernel has no uinput.
class EventStream final : public ScanSource {
 public:
  EventStream(int fd, std::string path, KeyLayout layout) : fd_(fd), path_(std::move(path)), keys_(layout) {}
  ~EventStream() override { ::close(fd_); }
  int fd() const override { return fd_; }
  std::string name() const override { return path_; }

  Status read(ScanFramer& framer, const std::function<void(Scan)>& done) override {
    for (int turn = 0; turn < 64; ++turn) {
      const ssize_t count = ::read(fd_, bytes_.data() + held_, bytes_.size() - held_);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return {};
      if (count <= 0) return fail(ErrorKind::unavailable, "the scanner was unplugged");
      held_ += static_cast<std::size_t>(count);
      std::size_t at = 0;
      for (; held_ - at >= sizeof(input_event); at += sizeof(input_event)) {
        input_event event{};
        std::memcpy(&event, bytes_.data() + at, sizeof event);
        keys_.event(event.type, event.code, event.value, framer, done);
      }
      held_ -= at;
      std::memmove(bytes_.data(), bytes_.data() + at, held_);
    }
    return {};
  }

 private:
  const int fd_;
  const std::string path_;
  Keys keys_;
  std::array<char, 64 * sizeof(input_event)> bytes_{};
  std::size_t held_ = 0;
};

Result<std::string> find_path(const ScannerSettings& settings) {
  if (!settings.usb) return settings.device;
  std::string found;
  for (const InputDevice& device : find_input_devices()) {
    if (!device.types || device.usb.vendor != settings.usb->vendor || device.usb.product != settings.usb->product) continue;
    if (!found.empty())
      return fail(ErrorKind::conflict, fmt::format("more than one keyboard is {}: name it by device = "
                                                   "\"/dev/input/by-id/…\" or \"/dev/input/by-path/…\"",
                                                   to_text(*settings.usb)));
    found = device.path;
  }
  if (found.empty())
    return fail(
        ErrorKind::not_found,
        fmt::format("no keyboard is {}: is the scanner plugged in, and in keyboard (HID) mode?", to_text(*settings.usb)));
  return found;
}

bool is_socket(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0 && S_ISSOCK(facts.st_mode);
}

Result<std::unique_ptr<ScanSource>> open_stream(const std::string& path, KeyLayout layout) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return fail(ErrorKind::bad_input, path + " is too long for a socket");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (fd >= 0) ::close(fd);
    return fail(ErrorKind::not_found, path + " has no scanner behind it");
  }
  return std::make_unique<EventStream>(fd, path, layout);
}

tl::unexpected<Error> open_error(const std::string& path, int code) {
  if (code == ENOENT || code == ENXIO || code == ENODEV)
    return fail(ErrorKind::not_found, path + " is not there: is the scanner plugged in, and in keyboard (HID) mode?");
  if (code == EACCES || code == EPERM)
    return fail(ErrorKind::not_permitted,
                path + " may not be read: add the gateway's user to the group input, then start it again");
  return fail(ErrorKind::unavailable, path + " cannot be opened: " + std::strerror(code));
}

}  // namespace

Result<std::unique_ptr<ScanSource>> open_hid_scanner(const ScannerSettings& settings) {
  const auto path = TRY(find_path(settings));
  if (is_socket(path)) return open_stream(path, settings.layout);
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return open_error(path, errno);
  libevdev* device = nullptr;
  if (libevdev_new_from_fd(fd, &device) < 0) {
    ::close(fd);
    return fail(ErrorKind::unavailable, path + " is no input device");
  }
  if (libevdev_grab(device, LIBEVDEV_GRAB) < 0) {
    libevdev_free(device);
    ::close(fd);
    return fail(ErrorKind::conflict, path + " is held by another program: its scans would go there; end that one");
  }
  return std::make_unique<GrabbedDevice>(fd, device, settings.layout);
}

}  // namespace gapura::drivers
