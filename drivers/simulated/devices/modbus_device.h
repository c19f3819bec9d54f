// SPDX-License-Identifier: Apache-2.0
// Relay boards on one Modbus line, each with the door, turnstile or metal detector that is wired to it. They behave
// physically: a pulse energises a coil for its time, a person passes while it is energised, contacts follow.
#pragma once

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/mutex.h"
#include "models/base/result.h"
#include "models/base/time.h"
#include "models/site/site.h"
#include "simulated/devices/modbus_boards.h"
#include "simulated/devices/modbus_endpoint.h"

namespace gapura::simulated {

// The misbehaviour of a unit. One at a time per unit.
struct Misbehaviour {
  enum class Kind {
    none,
    late,                // executes, responds after `value` ms
    silent,              // frozen: executes nothing, does not respond
    wrong_unit,          // executes, responds with another unit's number
    wrong_function,      // executes, responds with another function code
    duplicate,           // executes, responds twice
    short_reply,         // executes, the last byte of the response is missing
    bad_crc,             // executes, the response's check sum is wrong; RTU lines only
    exception,           // executes nothing, responds with exception `value`
    busy,                // every third request: executes nothing, responds with exception 6 (busy)
    slow_start,          // no execution and no response within `value` ms of a connection's start; network lines only
    one_answer,          // executes, responds, closes the connection; network lines only
    fixed_transaction,   // executes, always responds with transaction 0; Modbus TCP only
    disconnect,          // executes, closes the connection instead of responding
    refuse_connections,  // the whole endpoint refuses connections; a serial line's adapter is pulled out
    cable_cut,           // no frame reaches this line or leaves it; what was under way continues
    watchdog_off,        // its watchdog is not set and cannot be set
    output_holds,        // its watchdog trips but the outputs stay on
    restore_state,       // after a power cut its outputs are as before
    stuck_contact,       // the door contact (on other devices: every input) no longer follows
    stuck_relay,         // an energised coil stays on after its time
    dead_relay,          // confirms writes, never energises
    no_passage,          // released, but no person walks
    tailgate,            // a second person follows through on the same release
    stuck_alarm,         // a detector's alarm line stays on
    stuck_passage,       // its passage line stays on
    contradictory,       // "ready" and "fault" are on at once
  };
  Kind kind = Kind::none;
  int value = 0;
  bool writes_only = false;  // response faults only: reads are answered correctly
  int times = -1;            // response faults only: how often it applies; -1: without limit
};

// Parses "none", "late 400", "exception 2", "silent writes", "disconnect writes once". Errors list the names.
Result<Misbehaviour> misbehaviour_from_text(const std::string& text);

struct CoilChange {
  BootTime at;
  int unit = 0, coil = 0;
  bool on = false;
  int pulse_ms = 0;  // of a timed write; else 0
  std::string what;  // "write", "timed_off", "watchdog_off"; "power_off" and "restored" by a power cut
};
std::string to_json(const CoilChange& change);

// Thread-safe.
class SimulatedBus {
 public:
  // Modbus TCP on 127.0.0.1; port 0 takes a free one. A trace file gets one JSON line per coil change.
  explicit SimulatedBus(int port = 0, const std::string& trace_file = "");
  explicit SimulatedBus(LinePlan plan, const std::string& trace_file = "");

  int port() const { return endpoint_->port(); }
  std::string path() const { return endpoint_->path(); }  // of a serial line
  // `board` is one of find_board()'s; throws for an unknown one.
  void add_door(int unit,
                const std::string& board = "waveshare");  // output 0 lock; inputs 0 contact, 1 rex, 2 passage, 3 tamper
  void add_turnstile(int unit, const std::string& board =
                                   "waveshare");  // outputs 0 in, 1 out; inputs 0 passage in, 1 passage out, 2 fault
  void add_detector(int unit, const std::string& board = "waveshare");  // inputs 0 alarm, 1 passage, 2 fault, 3 ready

  // A person waits at most `limit` for a release in this direction, then walks; the inputs follow within a second. Returns
  // false when nothing was released. One release of a turnstile lets one person through.
  bool person_passes(int unit, Direction direction, Millis limit);
  void rex(int unit);                            // a person presses the exit button and leaves through the door
  void detector_passage(int unit, bool alarm);   // a person walks through the detector
  void set_input(int unit, int index, bool on);  // sets it directly, whatever the misbehaviour
  void set_register(int unit, int address, int value);
  void set_watchdog(int unit, int time);         // like the maker's tool, in units of 100 ms
  void write_coil(int unit, int coil, bool on);  // like another Modbus client

  void misbehave(int unit, Misbehaviour misbehaviour);
  void restart();                          // power cut of the whole endpoint: coils off, connections gone
  void power_cycle(int unit, Millis off);  // of one board
  void blink_input(int unit, int index);   // on and off again between two polls

  bool coil(int unit, int index) const;
  bool input(int unit, int index) const;
  bool wait_for_coil(int unit, int index, bool on, Millis limit) const;
  std::uint64_t requests(int unit) const;
  std::vector<CoilChange> trace() const;
  // Called on the endpoint's thread for every write of a coil, after it took effect and before the response is sent.
  void on_coil(std::function<void(const CoilChange&)> hook);

 private:
  enum class Wired { door, turnstile, detector };
  static constexpr int points = 16;
  struct Unit {
    Wired kind = Wired::door;
    const BoardFamily* board = nullptr;
    bool powered = true;
    bool coils[points] = {}, inputs[points] = {}, used[points] = {}, overdue[points] = {}, before_cut[points] = {};
    int counts[points] = {};
    int watchdog_time = 0, watchdog_word = 0, watchdog_status = 0;
    std::uint64_t watchdog_feeds = 0;
    std::uint64_t writes[points] = {};  // a later write cancels the end of the earlier pulse
    std::map<int, int> registers;
    Misbehaviour misbehaviour;
    std::uint64_t requests = 0;
  };
  using Bytes = std::vector<std::uint8_t>;

  void add(int unit, Wired kind, const std::string& board);
  ModbusEndpoint::Reply answer(int number, const Bytes& asked, Millis connected);
  bool is_cut() const REQUIRES(mutex_);
  Misbehaviour take_misbehaviour(Unit& unit, bool write) REQUIRES(mutex_);
  Bytes execute(int number, Unit& unit, const Bytes& pdu) REQUIRES(mutex_);
  Bytes read_bits(const Unit& unit, const Bytes& pdu);
  Bytes read_registers(const Unit& unit, const Bytes& pdu);
  Bytes write_coil(int number, Unit& unit, const Bytes& pdu) REQUIRES(mutex_);
  Bytes write_word(int number, Unit& unit, const Bytes& pdu) REQUIRES(mutex_);
  Bytes write_watchdog(int number, Unit& unit, const Bytes& pdu) REQUIRES(mutex_);
  void switch_by_write(int number, Unit& unit, int output, bool on, int pulse_ms) REQUIRES(mutex_);
  bool command_output(int number, Unit& unit, int output, int command) REQUIRES(mutex_);
  void feed_watchdog(int number, Unit& unit) REQUIRES(mutex_);
  void trip_watchdog(int number, std::uint64_t feed);
  static std::optional<bool> bit_of(const Unit& unit, int function, int address);
  static std::optional<int> word_of(const Unit& unit, int function, int address);
  static void put_input(Unit& unit, int index, bool on);
  void hold_lines(Unit& unit) REQUIRES(mutex_);
  void switch_coil(int number, Unit& unit, int coil, bool on, int pulse_ms, const char* what) REQUIRES(mutex_);
  void end_pulse(int number, int coil, std::uint64_t write);
  void move_input(int unit, int index, bool on, Millis delay);
  void simulate_passage(int unit, Direction direction, Millis start);

  bool rtu_ = false;  // constant after construction
  mutable Mutex mutex_;
  mutable Condition changed_;
  std::map<int, Unit> units_ GUARDED_BY(mutex_);
  std::vector<CoilChange> trace_ GUARDED_BY(mutex_);
  std::ofstream trace_file_ GUARDED_BY(mutex_);
  std::function<void(const CoilChange&)> hook_ GUARDED_BY(mutex_);
  std::vector<CoilChange> fresh_writes_ GUARDED_BY(mutex_);  // of the request being served, for the hook

  std::unique_ptr<ModbusEndpoint> endpoint_;  // last: its thread uses everything above
};

}  // namespace gapura::simulated
