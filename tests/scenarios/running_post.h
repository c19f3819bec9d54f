// SPDX-License-Identifier: Apache-2.0
// A whole post for one test: simulated cameras (RTSP) and controllers (Modbus TCP) in this process, the real daemon as a
// child, people at its HTTPS API. Everything on free ports of the loopback address, in a folder of its own.
#pragma once

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "gateway/journal/database.h"
#include "models/site/schedule.h"
#include "simulated/demo/api_client.h"
#include "simulated/devices/post.h"
#include "support/child_process.h"
#include "support/temporary_folder.h"
#include "support/wait_until.h"

namespace gapura::tests {

namespace json = boost::json;
using namespace std::chrono_literals;

// The next instant at which clocks in a zone of this offset show this time, and the calendar's days from there. In the
// future, so that the certificates that were just made are valid on both sides.
struct LocalStart {
  explicit LocalStart(Minutes of_day, Minutes zone = Minutes(8 * 60));
  UtcTime at(Minutes of_day, int days_later = 0) const;
  std::string day(int days_later = 0) const;  // 2026-01-31
  std::string time(UtcTime when) const { return format_rfc3339(when, offset); }

  UtcTime utc;
  Minutes offset;
};

// What differs from config/demo.toml. "{devices}" in it is the folder of the simulated scanners, "{printer}" the port of
// the simulated printer.
struct PostPlan {
  std::string data_folder = "";                                   // empty: one of the test's own
  std::vector<std::pair<std::string, std::string>> instead = {};  // text of the demo, and its replacement
  std::string also = "";                                          // TOML at its end
  std::vector<std::pair<std::string, std::string>> files = {};    // beside it: name, content
  std::optional<UtcTime> clock = std::nullopt;                    // the daemon's clock shows this when it starts
  bool procedure = false;                                         // the demo's own SOP; most tests use none, or their own
};

class RunningPost {
 public:
  explicit RunningPost(const PostPlan& plan = {});
  ~RunningPost();

  void start_daemon();  // and waits until it may grant and every device is online
  int end_daemon(int signal) { return daemon_->end(signal); }
  ChildProcess& daemon() { return *daemon_; }

  // Whether the plan may set the clock, which needs Debian's package faketime.
  static bool can_set_clock();
  static constexpr const char* no_clock = "Debian's package faketime is not installed";
  // Moves the daemon's clock by hours within a moment, in steps small enough for a clock that is being corrected.
  void pass(Millis time);
  void jump(Millis time);  // at once, like an operator who sets the clock
  UtcTime now();           // from the daemon

  // A request that must succeed; the test fails with the problem's own text.
  json::value get(const std::string& role, const std::string& path);
  json::value post(const std::string& role, const std::string& path, const json::value& body);

  // A request that must be refused; returns the sentence, ending in the status.
  std::string refused(const std::string& role, const std::string& path, const json::value& body);
  json::object visit(const std::string& id, const std::string& role = "guard");

  struct Guest {
    std::string visit, badge, token;
  };
  // Registers a new visit; `more` is added to the form or replaces its fields.
  json::object register_guest(const std::string& name, const json::object& more = {});
  json::object ask(const std::string& visit);
  json::object decide(const std::string& visit, const std::string& decision, json::object more = {},
                      const std::string& role = "aide");
  Guest give_badge(const std::string& visit, const json::object& more = {});
  // Registered, accepted by the aide, with a badge, not yet screened.
  Guest accepted_guest(const std::string& name = "Tamu Contoh");
  // The same, cleared at the detector.
  Guest cleared_guest(const std::string& name = "Tamu Contoh");

  // Returns the first event after the mark that fits; fails when none comes. Cards that are held to cameras are taken away
  // when it has come.
  json::object wait_event(
      const std::string& type,
      const std::function<bool(const json::object&)>& fits = [](const json::object&) { return true; });
  // Returns the events after the mark, now.
  json::array events(const std::string& type = "");
  void mark();  // earlier events are not searched again
  bool device_online(const std::string& id);

  // Holds a card to a camera as a presentation of its own: the view has been empty long enough before. It is held until
  // the next event that is waited for, at most for `length`.
  void hold(const std::string& camera, const std::string& code, std::chrono::milliseconds length = patience);
  // The holder waits for the release of the way at this camera and walks through with the card. Left in view, the card is
  // presented again when the camera has lost it for a moment.
  void go_through(const std::string& camera);
  // Holds the card and walks through; the grant and what became of it are in the record.
  void walk(const std::string& camera, const std::string& code);
  // Holds the card to a reader that must refuse it; returns every reason, and checks that no coil switched.
  std::vector<std::string> denied(const std::string& camera, const std::string& code);
  void hold_picture(const std::string& camera, const std::string& jpeg_or_png, std::chrono::milliseconds length = patience);
  void take_away();  // what is held to cameras
  std::string get_bytes(const std::string& role, const std::string& path);
  simulated::RtspCamera& camera(const std::string& name);
  simulated::SimulatedBus& bus() { return *devices_->bus; }
  simulated::Post& devices() { return *devices_; }
  const std::string& data() const { return data_; }
  std::string database() const { return data_ + "/gapura.db"; }
  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
  simulated::Account account(const std::string& role) const { return accounts_.at(role); }
  // Returns how many coils were switched on, as the simulator saw it.
  std::size_t pulses() const;
  std::size_t pulses(int unit, int coil) const;

 private:
  void write_configuration(const PostPlan& plan);
  void set_clock(Millis ahead);
  simulated::RtspCamera& empty_view(const std::string& camera, const std::string& next);
  void add_accounts();
  std::string run_gapura(std::vector<std::string> words);

  TemporaryFolder folder_;
  std::string data_;
  int port_ = 0;
  std::unique_ptr<simulated::Post> devices_;
  std::unique_ptr<ChildProcess> daemon_;
  std::map<std::string, simulated::Account> accounts_;
  std::map<std::string, std::unique_ptr<simulated::ApiClient>> clients_;
  std::map<std::string, std::string> last_shown_;  // codes by camera; empty: a picture
  std::int64_t mark_ = -1;
  std::optional<Millis> ahead_;  // of this machine's clock
};

std::string text(const json::object& object, const char* key);
std::string text(const json::object& object, const char* outer, const char* key);
UtcTime time_of(const json::object& object, const char* key);
// Returns the visit's own events of this kind, with their notes.
json::array events_of(const json::object& visit, const char* type);
std::string visit_path(const std::string& visit, const char* action);
std::vector<std::string> reasons_of(const json::object& event);

}  // namespace gapura::tests
