// SPDX-License-Identifier: Apache-2.0
// A relay and input board on a bus. Orders go in with a deadline; levels, acknowledgements and health come out of the sink.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/reader.h"
#include "models/device_event.h"
#include "models/ids.h"
#include "models/result.h"

namespace gapura::drivers {

// One kind of board, as data (config/controllers/*.toml). Addresses are 0-based PDU addresses.
struct ControllerProfile {
  enum class Space { coil, discrete_input, holding_register, input_register };
  // on_when_set: false for normally closed wiring, where a set bit means "off".
  struct Input {
    std::string name;
    Space space = Space::discrete_input;
    int address = 0;
    bool on_when_set = true;
  };
  struct Output {
    std::string name;
    int address = 0;                   // coil: FC05 on/off, FC01 read-back
    std::optional<int> pulse_address;  // FC05 with the raw value pulse_ms / pulse_unit_ms: the device times the pulse
    int pulse_unit_ms = 100;
    int pulse_max_ms = 0;
  };
  std::string name, title;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::optional<std::pair<int, int>> identity;  // holding register address and the value it must read
};

// Reads one profile. Errors carry file:line:column.
Result<ControllerProfile> load_controller_profile(const std::string& path);

struct ControllerSettings {
  ControllerId id;
  int unit = 1;
  ControllerProfile profile;
};

struct BusSettings {
  BusId id;
  std::string host;  // IPv4 literal or name
  int port = 502;
  Millis response_timeout{300};
  Millis poll_interval{50};
  std::vector<ControllerSettings> controllers;
};

struct PulseOrder {
  std::uint64_t intent = 0;  // number of the journal entry that allowed it
  std::string signal;        // "controller.output"
  Millis length{0};
  BootTime deadline;  // nothing is sent after this instant
};

struct BusStats {
  bool online = false;
  std::uint64_t polls = 0, orders = 0, errors = 0, reconnects = 0;
  double poll_ms_p50 = 0, poll_ms_p99 = 0, order_ms_p50 = 0, order_ms_p99 = 0;  // over the last 1,024
  std::string detail;
};

// One endpoint with one worker thread and one libmodbus context. Orders overtake polls. Thread-safe.
class ControllerBus {
 public:
  static Result<std::unique_ptr<ControllerBus>> create(BusSettings settings, DeviceSink& sink);
  virtual ~ControllerBus() = default;  // reports every order still queued as expired, then ends

  virtual const BusSettings& settings() const = 0;
  // Takes an order. Every order taken ends in exactly one pulse_done(); a full queue (64) is reported as refused.
  virtual void pulse(PulseOrder order) = 0;
  virtual BusStats stats() const = 0;
};

}  // namespace gapura::drivers
