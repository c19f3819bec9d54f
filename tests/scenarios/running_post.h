// SPDX-License-Identifier: Apache-2.0
// A whole post for one test: simulated cameras (RTSP) and controllers (Modbus TCP) in this process, the real daemon as a
// child, people at its HTTPS API. Everything on free ports of the loopback address, in a folder of its own.
#pragma once

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>

#include "gateway/journal/database.h"
#include "simulated/api_client.h"
#include "simulated/post.h"
#include "support/child_process.h"
#include "support/temporary_folder.h"
#include "support/wait_until.h"

namespace gapura::tests {

namespace json = boost::json;
using namespace std::chrono_literals;

class RunningPost {
 public:
  explicit RunningPost(std::string data_folder = "");
  ~RunningPost();

  void start_daemon();  // and waits until it may grant and every device is online
  int end_daemon(int signal) { return daemon_->end(signal); }
  ChildProcess& daemon() { return *daemon_; }

  // Requests that must succeed; the test fails with the problem's own words.
  json::value get(const std::string& role, const std::string& path);
  json::value post(const std::string& role, const std::string& path, const json::value& body);

  struct Guest {
    std::string visit, badge, token;
  };
  // Registered, accepted by the aide, with a badge, not yet screened.
  Guest accepted_guest(const std::string& name = "Tamu Contoh");
  // The same, cleared at the detector.
  Guest cleared_guest(const std::string& name = "Tamu Contoh");

  // The first event after the mark that fits; fails when there is none within the limit.
  json::object wait_event(
      const std::string& type, std::chrono::milliseconds limit = 10s,
      const std::function<bool(const json::object&)>& fits = [](const json::object&) { return true; });
  // The events after the mark, now.
  json::array events(const std::string& type = "");
  void mark();  // events up to here are not looked at again
  bool device_online(const std::string& id);

  // Holds a card to a camera as a presentation of its own: the view has been empty long enough before.
  void hold(const std::string& camera, const std::string& code, std::chrono::milliseconds length = 3s);
  void hold_picture(const std::string& camera, const std::string& jpeg_or_png, std::chrono::milliseconds length = 3s);
  std::string get_bytes(const std::string& role, const std::string& path);
  simulated::RtspCamera& camera(const std::string& name);
  simulated::SimulatedBus& bus() { return *devices_->bus; }
  simulated::Post& devices() { return *devices_; }
  const std::string& data() const { return data_; }
  std::string database() const { return data_ + "/gapura.db"; }
  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  simulated::Account account(const std::string& role) const { return accounts_.at(role); }
  // Coils that were switched on, as the simulator saw it.
  std::size_t pulses() const;

 private:
  void write_configuration();
  simulated::RtspCamera& empty_view(const std::string& camera);
  void add_accounts();
  std::string run_gapura(std::vector<std::string> words);

  TemporaryFolder folder_;
  std::string data_;
  int port_ = 0;
  std::unique_ptr<simulated::Post> devices_;
  std::unique_ptr<ChildProcess> daemon_;
  std::map<std::string, simulated::Account> accounts_;
  std::map<std::string, std::unique_ptr<simulated::ApiClient>> clients_;
  std::int64_t mark_ = -1;
};

std::string text(const json::object& object, const char* key);
std::vector<std::string> reasons_of(const json::object& event);

}  // namespace gapura::tests
