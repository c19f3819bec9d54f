// SPDX-License-Identifier: Apache-2.0
// A TCP server for Modbus frames that can do what libmodbus's own server cannot: answer late, twice, wrongly or not at all.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "models/result.h"
#include "models/time.h"

namespace gapura::simulated {

class ModbusEndpoint {
 public:
  struct Reply {
    std::vector<std::uint8_t> bytes;  // nothing is sent when empty
    Millis delay{0};
    bool hang_up = false;
  };
  // Called on the endpoint's thread with one whole frame (MBAP header and PDU).
  using Handler = std::function<Reply(const std::vector<std::uint8_t>& frame)>;

  // Listens on 127.0.0.1; port 0 takes a free one. Throws std::system_error when the port is taken.
  ModbusEndpoint(int port, Handler handler);
  ~ModbusEndpoint();

  int port() const { return port_; }
  // Thread-safe, each: calls `action` on the endpoint's thread after `delay`.
  void after(Millis delay, std::function<void()> action);
  // Returns when it is so: closed refuses connections and ends those that exist.
  void set_open(bool open);
  void hang_up_all();

 private:
  using Steady = std::chrono::steady_clock;
  struct Client {
    int socket = -1;
    std::vector<std::uint8_t> received;
  };

  void run();
  void listen();
  void reconcile();
  int wait_ms();
  void run_timers();
  void accept_client();
  bool receive(std::uint64_t id, Client& client);
  bool handle(std::uint64_t id, const std::vector<std::uint8_t>& frame);
  void drop(std::uint64_t id);
  void wake();

  const Handler handler_;
  int port_;
  int wake_ = -1;

  // Endpoint's thread only.
  int listener_ = -1;
  std::map<std::uint64_t, Client> clients_;
  std::uint64_t next_client_ = 0;

  // Guarded by mutex_.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Steady::time_point, std::function<void()>> timers_;
  bool stopping_ = false, wanted_open_ = true, open_ = true, hang_up_ = false;

  std::thread thread_;  // last: it uses everything above
};

}  // namespace gapura::simulated
