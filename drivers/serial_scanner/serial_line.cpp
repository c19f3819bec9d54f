// SPDX-License-Identifier: Apache-2.0
#include "drivers/serial_scanner/serial_line.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "drivers/sysfs.h"
#include "models/base/text.h"

namespace gapura::drivers {
namespace {

namespace fs = std::filesystem;

constexpr std::pair<int, speed_t> rates[] = {{1200, B1200},   {2400, B2400},   {4800, B4800},   {9600, B9600},
                                             {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200}};

const speed_t* find_rate(int baud) {
  for (const auto& [number, code] : rates)
    if (number == baud) return &code;
  return nullptr;
}

tl::unexpected<Error> open_error(const std::string& path, int code) {
  switch (code) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
      return fail(ErrorKind::not_found, path + " is not there: is the device plugged in?");
    case EACCES:
    case EPERM:
      return fail(ErrorKind::not_permitted,
                  path + " may not be opened: add the gateway's user to the group dialout, then start it again");
    case EBUSY:
      return fail(ErrorKind::conflict, path + " is held by another program (ModemManager, a terminal): end that one");
    default:
      return fail(ErrorKind::unavailable, path + " cannot be opened: " + std::strerror(code));
  }
}

Status set_up(int fd, speed_t rate, Parity parity) {
  termios line{};
  if (tcgetattr(fd, &line) != 0) return fail(ErrorKind::unavailable, "it is no serial line");
  cfmakeraw(&line);
  line.c_cflag |= CREAD | CLOCAL;
  line.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS | PARENB | PARODD);
  line.c_iflag |= IGNBRK;  // plugging in a line starts with a break
  if (parity != Parity::none) {
    line.c_cflag |= PARENB | (parity == Parity::odd ? PARODD : 0u);
    line.c_iflag |= INPCK;  // a damaged byte reads as NUL, which spoils its scan
  }
  line.c_cc[VMIN] = 1;  // an empty line says EAGAIN, so that 0 bytes mean hung up
  line.c_cc[VTIME] = 0;
  cfsetispeed(&line, rate);
  cfsetospeed(&line, rate);
  if (tcsetattr(fd, TCSANOW, &line) != 0) return fail(ErrorKind::unavailable, "its speed cannot be set");
  tcflush(fd, TCIFLUSH);  // what was sent before the line was opened is no scan
  return {};
}

// The USB device is some folders above the port: the first folder that has a vendor.
void read_usb(const fs::path& node, SerialPort& port) {
  std::error_code error;
  fs::path folder = fs::canonical(node / "device", error);
  for (int up = 0; !error && up < 4 && folder.has_relative_path(); ++up, folder = folder.parent_path()) {
    if (!fs::exists(folder / "idVendor", error)) continue;
    port.usb = parse_usb_id(first_line(folder / "idVendor") + ":" + first_line(folder / "idProduct"));
    port.product = first_line(folder / "product");
    return;
  }
}

}  // namespace

bool is_baud(int baud) { return find_rate(baud) != nullptr; }

Result<int> open_serial(const std::string& path, int baud, Parity parity) {
  const speed_t* rate = find_rate(baud);
  if (rate == nullptr) return fail(ErrorKind::bad_input, fmt::format("{} baud is no speed of a serial line", baud));
  const int fd = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return open_error(path, errno);
  if (ioctl(fd, TIOCEXCL) != 0) {
    ::close(fd);
    return fail(ErrorKind::unavailable, path + " is no serial line");
  }
  if (auto done = set_up(fd, *rate, parity); !done) {
    close_serial(fd);
    return fail(done.error().kind, path + ": " + done.error().message);
  }
  return fd;
}

void close_serial(int fd) {
  ioctl(fd, TIOCNXCL);
  ::close(fd);
}

std::optional<UsbId> parse_usb_id(const std::string& text) {
  if (text.size() != 9 || text[4] != ':') return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i != 4 && hex_digit(text[i]) < 0) return std::nullopt;
  return UsbId{static_cast<std::uint16_t>(std::stoul(text.substr(0, 4), nullptr, 16)),
               static_cast<std::uint16_t>(std::stoul(text.substr(5), nullptr, 16))};
}

std::string to_text(UsbId id) { return fmt::format("{:04x}:{:04x}", id.vendor, id.product); }

std::vector<SerialPort> find_serial_ports(const std::string& root) {
  std::vector<SerialPort> ports;
  std::error_code error;
  for (const auto& node : fs::directory_iterator(root + "/sys/class/tty", error)) {
    const std::string name = node.path().filename().string();
    if (name.rfind("ttyACM", 0) != 0 && name.rfind("ttyUSB", 0) != 0) continue;
    SerialPort port;
    port.path = "/dev/" + name;
    port.stable_path = stable_path(root, "/dev/serial/by-id", name);
    read_usb(node.path(), port);
    ports.push_back(std::move(port));
  }
  std::sort(ports.begin(), ports.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return ports;
}

}  // namespace gapura::drivers
