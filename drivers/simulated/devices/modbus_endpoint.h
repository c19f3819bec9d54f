// SPDX-License-Identifier: Apache-2.0
// The boards' end of a Modbus line (TCP, RTU over TCP, or RTU on a pseudo terminal). Unlike libmodbus's own server it can
// respond late, twice, wrongly or not at all.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "drivers/descriptor.h"
#include "drivers/mutex.h"
#include "models/base/result.h"
#include "models/base/time.h"

namespace gapura::simulated {

struct LinePlan {
  enum class Wire { tcp, rtu_over_tcp, rtu };
  Wire wire = Wire::tcp;
  int port = 0;      // 0: any free one
  std::string link;  // rtu: a symbolic link to the terminal, kept when it is plugged in again; empty: none
  int baud = 0;      // rtu: responses take as long as at this speed; 0: no time
};

class ModbusEndpoint {
 public:
  using Bytes = std::vector<std::uint8_t>;
  struct Reply {
    int unit = 0;
    Bytes pdu;  // an empty one is not sent
    Millis delay{0};
    bool hang_up = false, twice = false;
    bool then_hang_up = false;                // after the response; not on a terminal
    bool transaction_0 = false;               // Modbus TCP
    bool cut_short = false, bad_crc = false;  // RTU: the last byte is missing; the check sum is wrong
  };
  // Called on the endpoint's thread with one whole request and the age of its connection.
  using Handler = std::function<Reply(int unit, const Bytes& pdu, Millis connected)>;

  // Listens on 127.0.0.1, or opens a pseudo terminal. Throws std::system_error when that fails.
  ModbusEndpoint(LinePlan plan, Handler handler);
  ~ModbusEndpoint();

  int port() const { return plan_.port; }
  std::string path() const;  // rtu: the terminal, or the link to it
  // Calls `action` on the endpoint's thread after `delay`. Thread-safe, like the functions below.
  void after(Millis delay, std::function<void()> action);
  // Returns when the change has taken effect: closed refuses connections and ends existing ones; a terminal is unplugged.
  void set_open(bool open);
  void hang_up_all();

 private:
  using Steady = std::chrono::steady_clock;
  using Wire = LinePlan::Wire;
  struct Client {
    int descriptor = -1;
    Bytes received;
    Steady::time_point last_received{};
    Steady::time_point since = Steady::now();
  };

  void run();
  void open() REQUIRES(mutex_);
  void listen();
  void plug_in() REQUIRES(mutex_);
  void close_all();
  void reconcile();
  int wait_ms();
  void run_timers();
  void accept_client();
  bool receive(std::uint64_t id, Client& client);
  bool take_tcp(std::uint64_t id, Client& client);
  bool take_rtu(std::uint64_t id, Client& client);
  bool handle(std::uint64_t id, int unit, const Bytes& pdu, const Bytes& header);
  Bytes frame_of(const Reply& reply, const Bytes& header) const;
  void drop(std::uint64_t id);
  void wake();

  const Handler handler_;
  LinePlan plan_;
  int wake_ = -1;

  // Endpoint's thread only.
  Descriptor listener_;
  int slave_ = -1;
  std::map<std::uint64_t, Client> clients_;
  std::uint64_t next_client_ = 0;
  std::map<int, Steady::time_point> busy_;  // RTU: when each unit has sent all its responses

  mutable Mutex mutex_;
  Condition changed_;
  std::multimap<Steady::time_point, std::function<void()>> timers_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  bool wanted_open_ GUARDED_BY(mutex_) = true, open_ GUARDED_BY(mutex_) = true, hang_up_ GUARDED_BY(mutex_) = false;
  std::string terminal_ GUARDED_BY(mutex_);

  std::thread thread_;  // last: it uses everything above
};

}  // namespace gapura::simulated
