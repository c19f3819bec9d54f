// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "drivers/serial_scanner/scan_source.h"
#include "drivers/serial_scanner/serial_line.h"

namespace gapura::drivers {
namespace {

class SerialSource final : public ScanSource {
 public:
  SerialSource(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~SerialSource() override { close_serial(fd_); }
  int fd() const override { return fd_; }
  std::string name() const override { return path_; }

  // Reads at most 64 KiB per call, so that a line that never stops sending cannot block the thread.
  Status read(ScanFramer& framer, const std::function<void(Scan)>& done) override {
    std::array<char, 4096> bytes;
    for (int turn = 0; turn < 16; ++turn) {
      const ssize_t count = ::read(fd_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return {};
      if (count <= 0) return fail(ErrorKind::unavailable, path_ + " was unplugged");
      for (ssize_t i = 0; i < count; ++i)
        if (auto scan = framer.put(bytes[static_cast<std::size_t>(i)])) done(std::move(*scan));
    }
    return {};
  }

 private:
  const int fd_;
  const std::string path_;
};

Result<std::string> find_path(const ScannerSettings& settings) {
  if (!settings.usb) return settings.device;
  std::string found;
  for (const SerialPort& port : find_serial_ports()) {
    if (!port.usb || port.usb->vendor != settings.usb->vendor || port.usb->product != settings.usb->product) continue;
    if (!found.empty())
      return fail(ErrorKind::conflict, fmt::format("more than one serial port is {}: name it by device = "
                                                   "\"/dev/serial/by-id/…\" or \"/dev/serial/by-path/…\"",
                                                   to_text(*settings.usb)));
    found = port.path;
  }
  if (found.empty())
    return fail(ErrorKind::not_found,
                fmt::format("no serial port is {}: is the scanner plugged in?", to_text(*settings.usb)));
  return found;
}

}  // namespace

Result<std::unique_ptr<ScanSource>> open_serial_scanner(const ScannerSettings& settings) {
  const auto path = TRY(find_path(settings));
  const auto fd = TRY(open_serial(path, settings.baud, settings.parity));
  return std::make_unique<SerialSource>(fd, path);
}

}  // namespace gapura::drivers
