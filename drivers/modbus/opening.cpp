// SPDX-License-Identifier: Apache-2.0
// How a line is opened: libmodbus's TCP and serial backends, and its RTU framing on a TCP connection.
#include <fcntl.h>
#include <fmt/format.h>
#include <modbus.h>
#include <netdb.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

#include "drivers/modbus/connection.h"

namespace gapura::drivers {
namespace modbus {
namespace {

// A line is drained until nothing came for quiet_ms, but not for longer than the second limit.
constexpr int quiet_ms = 20;
constexpr Millis drain_most{200};

// libmodbus waits with select() and does not check FD_SETSIZE: a descriptor above it would abort the whole process.
bool descriptors_are_low() {
  const int probe = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
  if (probe >= 0) ::close(probe);
  return probe >= 0 && probe < FD_SETSIZE - 2;
}

// modbus_new_tcp() takes IPv4 literals only.
Result<std::string> resolve(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(host.c_str(), nullptr, &hints, &found); code != 0)
    return fail(ErrorKind::not_found, fmt::format("the name {} has no address ({}); check the name or write the address",
                                                  host, gai_strerror(code)));
  char text[NI_MAXHOST] = {};
  getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  freeaddrinfo(found);
  return std::string(text);
}

tl::unexpected<Error> failed(std::string why) { return fail(ErrorKind::unavailable, std::move(why)); }

std::string connect_error(int code, const BusSettings& bus) {
  switch (code) {
    case ECONNREFUSED:
      return fmt::format("{} refused the connection; is the device set to {} on this port?", bus.where(),
                         bus.kind == BusSettings::Kind::tcp ? "Modbus TCP" : "transparent RTU over TCP");
    case EINPROGRESS:  // how libmodbus reports that the response timeout passed while connecting
    case ETIMEDOUT:
      return fmt::format("{} does not answer; check power, network cable and address", bus.where());
    case EHOSTUNREACH:
    case ENETUNREACH:
      return fmt::format("no route to {}; check the network cable and the address", bus.where());
    default:
      return fmt::format("cannot connect to {}: {}", bus.where(), std::generic_category().message(code));
  }
}

std::string serial_error(int code, const std::string& device) {
  switch (code) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return fmt::format("{} is not there; is the adapter plugged in? Name it by /dev/serial/by-id/…", device);
    case EACCES:
      return fmt::format("{} may not be opened; add the gateway's user to the group dialout", device);
    case ENOTTY:
    case EINVAL:
      return fmt::format("{} is no serial port", device);
    default:
      return fmt::format("cannot open {}: {}", device, std::generic_category().message(code));
  }
}

}  // namespace

void Connection::Free::operator()(modbus_t* context) const {
  modbus_close(context);
  modbus_free(context);
}

// The TCP backend connects within the response timeout. For RTU frames over TCP the RTU backend, which reads from any
// descriptor, is given the connected socket.
Result<Connection::Context> Connection::open_network() const {
  const std::string address = TRY(resolve(settings_.host));
  Context tcp(modbus_new_tcp(address.c_str(), settings_.port));
  if (!tcp) return failed(fmt::format("cannot use the address {}", settings_.where()));
  const auto millis = settings_.response_timeout.count();
  modbus_set_response_timeout(tcp.get(), static_cast<std::uint32_t>(millis / 1000),
                              static_cast<std::uint32_t>(millis % 1000 * 1000));
  if (modbus_connect(tcp.get()) != 0) return failed(connect_error(errno, settings_));
  if (!is_rtu()) return tcp;
  Context rtu(modbus_new_rtu("/dev/null", 9600, 'N', 8, 1));  // the port is never opened
  if (!rtu) return failed("no memory for one more connection");
  modbus_set_socket(rtu.get(), modbus_get_socket(tcp.get()));
  modbus_set_socket(tcp.get(), -1);  // its close would shut down the connection of both
  return rtu;
}

Result<Connection::Context> Connection::open_serial() const {
  Context rtu(modbus_new_rtu(settings_.device.c_str(), settings_.baud, settings_.parity, 8, settings_.stop_bits));
  if (!rtu) return failed(fmt::format("{} cannot be used with {} baud", settings_.device, settings_.baud));
  if (modbus_connect(rtu.get()) != 0) return failed(serial_error(errno, settings_.device));
  const int port = modbus_get_socket(rtu.get());
  // Two programs on one port would each lose half of the bytes.
  if (flock(port, LOCK_EX | LOCK_NB) != 0)
    return failed(
        fmt::format("{} is used by another program; end it, or give each line a port of its own", settings_.device));
  tcflush(port, TCIOFLUSH);
  return rtu;
}

Status Connection::open() {
  close();
  if (!descriptors_are_low()) return failed("too many open files for libmodbus (1,024); raise no limits, look for a leak");
  context_ = TRY(settings_.kind == BusSettings::Kind::rtu ? open_serial() : open_network());
  modbus_set_byte_timeout(context_.get(), 0, 0);  // so that the response timeout bounds the whole response, not each byte
  answers_ = 0;
  if (settings_.settle > Millis(0)) std::this_thread::sleep_for(settings_.settle);
  if (is_rtu()) drain();
  return {};
}

// Bytes that were under way when the line was closed belong to no request.
void Connection::drain() {
  const int line = modbus_get_socket(context_.get());
  const auto end = Steady::now() + drain_most;
  pollfd wait{line, POLLIN, 0};
  std::uint8_t bytes[256];
  while (Steady::now() < end && ::poll(&wait, 1, quiet_ms) > 0)
    if (::read(line, bytes, sizeof bytes) <= 0) break;
  quiet_since_ = Steady::now();
}

}  // namespace modbus

std::string BusSettings::where() const { return kind == Kind::rtu ? device : fmt::format("{}:{}", host, port); }

}  // namespace gapura::drivers
