// SPDX-License-Identifier: Apache-2.0
// A post that starts quickly: four turnstiles on Modbus TCP, each with a serial scanner, no camera; the real daemon as a
// child. For campaigns that start it hundreds of times.
#pragma once

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/record/verify.h"
#include "simulated/demo/api_client.h"
#include "simulated/devices/modbus_device.h"
#include "simulated/devices/serial_scanner.h"
#include "support/child_process.h"
#include "support/temporary_folder.h"

namespace gapura::tests {

namespace json = boost::json;

struct SmallPostPlan {
  std::string data_folder = "";           // empty: one of its own; one with a database is opened, its accounts uji-* reset
  std::vector<std::string> preload = {};  // environment of the daemon, "NAME=value"
};

// Throws std::runtime_error with a sentence when a step that must succeed fails.
class SmallPost {
 public:
  static constexpr int lanes = 4;  // portal g1 … g4, unit 1 … 4; g1 asks for a decision and a screening

  explicit SmallPost(SmallPostPlan plan = {});
  ~SmallPost();

  void start();        // returns at once
  void wait_online();  // every device is online, and the core has its doors' levels: what is scanned now is judged
  void wait_ready();   // and it grants
  int end(int signal);
  void kill_daemon();  // SIGKILL, from any thread; no effect when it has ended. `end` takes its status.
  bool running() const;
  bool ends_within(std::chrono::nanoseconds limit) const;  // by itself; waits until then. On the thread that starts it
  int pid() const { return daemon_->pid(); }

  // Requests that must succeed, and those that may fail.
  json::value get(const std::string& role, const std::string& path);
  json::value post(const std::string& role, const std::string& path, const json::value& body);
  Result<json::value> try_get(const std::string& role, const std::string& path);
  Result<json::value> try_post(const std::string& role, const std::string& path, const json::value& body);

  // Sends a code through a lane's scanner; false where it is not read.
  bool scan(int lane, const std::string& code);
  std::string staff_badge();
  // Each scans once, and expects the lane's reader online. `opens`: returns true when the simulator sees the lane's pulse,
  // false when `is_hopeless`, the daemon has ended, or `patience` has passed. `refuses`: returns true when the gateway has
  // judged the scan and ordered nothing.
  bool opens(
      int lane, const std::string& code, const std::function<bool()>& is_hopeless = [] { return false; });
  bool refuses(int lane, const std::string& code);

  // Runs a `gapura` command; returns its exit code, with its output in `said`.
  int run(std::vector<std::string> words, std::string* said = nullptr);

  simulated::SimulatedBus& bus() { return *bus_; }
  std::size_t pulses() const { return pulses_; }  // that the coils saw, of all lanes
  std::size_t pulses_at(int lane) const;
  const std::string& data() const { return data_; }
  std::string database() const { return data_ + "/gapura.db"; }
  std::string log() const { return folder_ / "daemon.log"; }
  std::string folder() const { return folder_.path(); }
  // Called for each coil that is energised, on the bus's thread, before the board responds.
  void on_pulse(std::function<void(const simulated::CoilChange&)> hook);

 private:
  void wait_for(const std::function<bool(const json::value& status)>& is_so);
  std::int64_t device_stat(const std::string& device, const char* name);
  void write_configuration(int port) const;

  TemporaryFolder folder_;
  std::string data_, url_;
  std::vector<std::string> preload_;
  std::unique_ptr<simulated::SimulatedBus> bus_;
  std::vector<std::unique_ptr<simulated::SerialScanner>> scanners_;
  std::map<std::string, std::unique_ptr<simulated::ApiClient>> clients_;
  mutable std::mutex process_mutex_;
  std::unique_ptr<ChildProcess> daemon_;
  std::atomic<std::size_t> pulses_{0};
  std::mutex hook_mutex_;
  std::function<void(const simulated::CoilChange&)> hook_;
  std::atomic<bool> ending_{false};
  std::vector<std::thread> people_;  // one waits at each lane, and walks when it opens
};

}  // namespace gapura::tests
