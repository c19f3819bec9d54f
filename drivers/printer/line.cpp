// SPDX-License-Identifier: Apache-2.0
#include "drivers/printer/line.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "drivers/serial_scanner/serial_line.h"
#include "drivers/tcp.h"

namespace gapura::drivers {
namespace {

int left(BootTime deadline) {
  return static_cast<int>(std::clamp<std::int64_t>((deadline - boot_now()).count(), 0, 60'000));
}

Result<int> connect_to(const PrinterSettings& settings, BootTime deadline) {
  auto socket = connect_tcp(settings.host, settings.port,
                            std::chrono::steady_clock::now() + std::chrono::milliseconds(left(deadline)));
  if (socket) return socket->release();
  const Error& error = socket.error();
  if (error.kind == ErrorKind::not_found) return tl::unexpected(error);
  return fail(error.kind, fmt::format("{}:{} does not answer ({}): is the printer on, and its network cable in?",
                                      settings.host, settings.port, error.message));
}

tl::unexpected<Error> open_error(const std::string& path, int code) {
  if (code == ENOENT || code == ENXIO || code == ENODEV)
    return fail(ErrorKind::not_found, path + " is not there: is the printer on, and its cable in?");
  if (code == EACCES || code == EPERM)
    return fail(ErrorKind::not_permitted,
                path + " may not be opened: add the gateway's user to the group lp, then start it again");
  if (code == EBUSY) return fail(ErrorKind::conflict, path + " is held by another program (CUPS?): end that one");
  return fail(ErrorKind::unavailable, path + " cannot be opened: " + std::strerror(code));
}

}  // namespace

Result<PrinterLine> PrinterLine::open(const PrinterSettings& settings, BootTime deadline) {
  if (!settings.host.empty()) {
    const auto fd = TRY(connect_to(settings, deadline));
    return PrinterLine(fd, Kind::socket);
  }
  const int fd = ::open(settings.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return open_error(settings.device, errno);
  if (isatty(fd) == 0) return PrinterLine(fd, Kind::node);
  ::close(fd);
  const auto line = TRY(open_serial(settings.device, settings.baud, Parity::none));
  return PrinterLine(line, Kind::serial);
}

PrinterLine::PrinterLine(PrinterLine&& other) noexcept : fd_(std::exchange(other.fd_, -1)), kind_(other.kind_) {}

PrinterLine::~PrinterLine() {
  if (fd_ < 0) return;
  // Received bytes must be read before closing, or the kernel resets the connection and drops what was sent.
  forget_input();
  if (kind_ == Kind::serial) {
    close_serial(fd_);
  } else {
    ::close(fd_);
  }
}

bool PrinterLine::wait(short events, BootTime deadline) const {
  pollfd ready{fd_, events, 0};
  return poll(&ready, 1, left(deadline)) > 0;
}

std::size_t PrinterLine::write(std::string_view bytes, BootTime deadline) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const std::string_view rest = bytes.substr(done, 4096);
    const ssize_t count = kind_ == Kind::socket ? ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL)
                                                : ::write(fd_, rest.data(), rest.size());
    if (count > 0) done += static_cast<std::size_t>(count);
    if (count > 0 || (count < 0 && errno == EINTR)) continue;
    const bool broke = count < 0 && errno != EAGAIN;
    if (broke || !wait(POLLOUT, deadline)) break;
  }
  return done;
}

std::optional<std::uint8_t> PrinterLine::read(bool (*fits)(std::uint8_t), BootTime deadline) {
  while (wait(POLLIN, deadline)) {
    std::uint8_t byte = 0;
    const ssize_t count = ::read(fd_, &byte, 1);
    if (count == 1 && fits(byte)) return byte;
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return std::nullopt;
  }
  return std::nullopt;
}

void PrinterLine::forget_input() {
  std::array<char, 256> ignored;
  while (wait(POLLIN, boot_now()) && ::read(fd_, ignored.data(), ignored.size()) > 0) {}
}

bool PrinterLine::drain(BootTime deadline) {
  if (kind_ == Kind::node) return true;  // a write to it returns when the printer has taken the bytes
  for (;;) {
    int waiting = 0;
    if (ioctl(fd_, kind_ == Kind::socket ? static_cast<unsigned long>(SIOCOUTQ) : TIOCOUTQ, &waiting) != 0) return false;
    pollfd state{fd_, 0, 0};
    if (poll(&state, 1, 0) > 0 && (state.revents & (POLLERR | POLLHUP)) != 0) return false;
    if (waiting == 0) return true;
    if (left(deadline) == 0) return false;
    std::this_thread::sleep_for(Millis(10));  // no event signals that a line has drained
  }
}

}  // namespace gapura::drivers
