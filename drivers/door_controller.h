// SPDX-License-Identifier: Apache-2.0
// A relay and input board on a bus. Orders with a deadline go in; levels, acknowledgements and health go to the sink.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/reader.h"
#include "models/base/device_event.h"
#include "models/base/ids.h"
#include "models/base/result.h"

namespace gapura::drivers {

// One kind of board, as data (config/controllers/*.toml). Addresses are 0-based PDU addresses.
struct ControllerProfile {
  enum class Space { coil, discrete_input, holding_register, input_register };
  struct Point {
    Space space = Space::coil;
    int address = 0;
  };
  // on_when_set: false for normally closed wiring, where a set bit means "off".
  struct Input {
    std::string name;
    Space space = Space::discrete_input;
    int address = 0;
    bool on_when_set = true;
    std::optional<int> bit = {};        // of a register; without: any value but 0
    std::optional<Point> counter = {};  // a 16-bit register in which the board counts the rising edges of this input
  };
  struct Output {
    std::string name;
    int address = 0;                   // register for on and off
    std::optional<int> pulse_address;  // written pulse_base + pulse_ms / pulse_unit_ms: the device times the pulse
    int pulse_unit_ms = 100;
    int pulse_max_ms = 0;
    Space space = Space::coil;  // coil: FC05; holding_register: FC06
    int on_value = 0xFF00, off_value = 0;
    int pulse_base = 0, pulse_most = 0x7FFF;  // most: the largest number of units
    std::optional<Point> read_at = {};        // where it is read back; without: where it is written
    Point read_point() const { return read_at.value_or(Point{space, address}); }
  };
  // Without a value: the first value read is kept, and a device that reconnects must have the same.
  struct Identity {
    int address = 0;
    std::optional<int> value = {};
    Space space = Space::holding_register;
  };
  // The board's own watchdog: without a request from the gateway for `time` its outputs switch off.
  struct Watchdog {
    std::optional<int> time_register;  // holding register; without: [[controller]] watchdog_register names it
    int time_unit_ms = 100, time_ms = 2000;
    bool set = true;                      // write the time; false: only read it, and refuse a board without one
    std::optional<int> trigger_register;  // gets a changing value; without: any question feeds it
    int heartbeat_ms = 500;               // between two of those
    std::optional<int> status_register, running, stop_register;  // running: what status reads while it counts
    int stop_value = 0;                                          // written to stop_register before its time is changed
  };
  // Read before the board is armed. A value outside [least, most] prevents that, with `why` as the reason.
  struct Check {
    Point point;
    int least = 0, most = 0;
    std::string why;
    int count = 1;  // number of neighbouring registers to check
  };
  enum class Loss { off, hold, unknown };  // what outputs do when requests stop
  std::string name, title;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::optional<Identity> identity;
  std::optional<Watchdog> watchdog;
  std::vector<Check> checks;
  Loss on_comms_loss = Loss::unknown;
};

// Reads one profile. Errors carry file:line:column.
Result<ControllerProfile> load_controller_profile(const std::string& path);

struct ControllerSettings {
  ControllerId id;
  int unit = 1;
  ControllerProfile profile;
};

struct BusSettings {
  enum class Kind { tcp, rtu, rtu_over_tcp };
  BusId id;
  std::string host;  // IPv4 literal or name
  int port = 502;
  Millis response_timeout{300};
  Millis poll_interval{50};
  std::vector<ControllerSettings> controllers;
  Kind kind = Kind::tcp;
  std::string device;         // rtu: the serial port
  int baud = 9600;            // rtu; rtu_over_tcp: of the converter's serial side, 0 where not configured
  char parity = 'N';          // N, E or O
  int stop_bits = 1;          // eight data bits always
  Millis settle{0};           // pause between connecting and the first question
  bool one_answer = false;    // the other side closes the connection after each answer: each request gets a new connection
  std::string where() const;  // "192.168.1.5:502" or the serial port
};

// How long reading all inputs and outputs once takes at the line's speed, and the longest single request; none for a line
// whose speed is not known. Calculated: bytes, silence between frames, and 5 ms of processing by the board.
struct LineTime {
  Millis round{0}, question{0};
};
std::optional<LineTime> compute_line_time(const BusSettings& bus);
// Whether this output stays on when the line is cut during a pulse, so that only the gateway can end it.
bool holds_without_gateway(const ControllerProfile& profile, const ControllerProfile::Output& output);

struct PulseOrder {
  std::uint64_t intent = 0;  // number of the journal entry that allowed it
  std::string signal;        // "controller.signal" of an output
  Millis length{0};
  BootTime deadline;  // checked directly before the write
};

struct BusStats {
  bool online = false;
  std::uint64_t polls = 0, orders = 0, errors = 0, reconnects = 0;
  double poll_ms_p50 = 0, poll_ms_p99 = 0, order_ms_p50 = 0, order_ms_p99 = 0;  // over the last 1,024
  std::string detail;
};

// One endpoint or serial line with one worker thread and one libmodbus context. Orders overtake polls. Thread-safe.
class ControllerBus {
 public:
  static Result<std::unique_ptr<ControllerBus>> create(BusSettings settings, DeviceSink& sink);
  // Switches off the outputs that the gateway itself times, with two attempts each, then reports every queued order as
  // expired. Waits for the request under way.
  virtual ~ControllerBus() = default;

  virtual const BusSettings& settings() const = 0;
  // Takes an order. Every order ends in exactly one pulse_done(). Refused on the caller's thread before this returns: an
  // unknown output, a length that the board cannot time, a full queue (64). A pulse that was sent is never repeated.
  virtual void pulse(PulseOrder order) = 0;
  virtual BusStats stats() const = 0;
};

}  // namespace gapura::drivers
