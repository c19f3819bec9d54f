// SPDX-License-Identifier: Apache-2.0
#include "small_post.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "support/free_port.h"
#include "support/wait_until.h"

namespace gapura::tests {

using namespace std::chrono_literals;

namespace {

const std::string gapura = GAPURA_BINARY_DIR "/gapura";
// Before any thread, for posts are made side by side.
[[maybe_unused]] const int share = setenv("GAPURA_SHARE", GAPURA_SOURCE_DIR "/config", 1);

[[noreturn]] void give_up(const std::string& why) { throw std::runtime_error(why); }

bool all_online(const json::array& list) {
  return std::all_of(list.begin(), list.end(), [](const json::value& one) { return one.at("online").as_bool(); });
}

// A device is online by its driver's word, a portal once the core has its levels.
bool is_online(const json::value& status) {
  return all_online(status.at("devices").as_array()) && all_online(status.at("portals").as_array());
}

}  // namespace

SmallPost::SmallPost(SmallPostPlan plan)
    : data_(plan.data_folder.empty() ? folder_ / "data" : plan.data_folder), preload_(std::move(plan.preload)) {
  bus_ = std::make_unique<simulated::SimulatedBus>();
  for (int lane = 1; lane <= lanes; ++lane) {
    bus_->add_turnstile(lane);
    auto scanner = simulated::SerialScanner::create(folder_ / fmt::format("scanner{}", lane));
    if (!scanner) give_up(scanner.error().message);
    scanners_.push_back(std::move(*scanner));
  }
  bus_->on_coil([this](const simulated::CoilChange& change) {
    if (!change.on) return;
    ++pulses_;
    const std::lock_guard lock(hook_mutex_);
    if (hook_) hook_(change);
  });
  const int port = free_port();
  url_ = "https://127.0.0.1:" + std::to_string(port);
  write_configuration(port);
  std::string said;
  const bool is_new = !std::filesystem::exists(database());
  if (is_new && run({"init", data_, "--site", "demo"}, &said) != 0) give_up(said);
  start();
  if (!wait_until([&] { return run({"status", "--data", data_}) == 0 || !running(); }) || !running())
    give_up("the daemon does not start: " + daemon_->output());
  for (const char* role : {"guard", "aide", "admin"}) {
    std::vector<std::string> words{"user", is_new ? "add" : "reset", std::string("uji-") + role, "--data", data_, "--json"};
    if (is_new) words.insert(words.end(), {"--role", role});
    if (run(words, &said) != 0) give_up(said);
    const simulated::Account account{std::string("uji-") + role, std::string(json::parse(said).at("password").as_string()),
                                     ""};
    clients_[role] = std::make_unique<simulated::ApiClient>(url_, data_ + "/tls/ca.pem", account);
  }
  wait_ready();
  for (int lane = 1; lane <= lanes; ++lane)
    people_.emplace_back([this, lane] {
      while (!ending_) bus_->person_passes(lane, Direction::entry, Millis(100));
    });
}

SmallPost::~SmallPost() {
  ending_ = true;
  for (auto& person : people_) person.join();
  on_pulse(nullptr);
  clients_.clear();
  daemon_.reset();
}

void SmallPost::write_configuration(int port) const {
  std::ofstream out(folder_ / "site.toml");
  out << fmt::format(R"([site]
id = "demo"
timezone = "Asia/Jakarta"
[http]
port = {}
[journal]
reserve_mib = 16
[[area]]
id = "outside"
[[area]]
id = "inside"
[[host]]
id = "pimpinan"
name = "Pimpinan"
[[bus]]
id = "lan"
kind = "modbus-tcp"
host = "127.0.0.1"
port = {}
)",
                     port, bus_->port());
  for (int lane = 1; lane <= lanes; ++lane)
    out << fmt::format(R"([[controller]]
id = "t{0}"
bus = "lan"
unit = {0}
profile = "turnstile"
[[reader]]
id = "r{0}"
kind = "serial"
device = "{1}"
gap_ms = 20
[[portal]]
id = "g{0}"
kind = "turnstile"
controller = "t{0}"
entry_release = "release_in"
exit_release = "release_out"
entry_passage = "passage_in"
exit_passage = "passage_out"
pulse_ms = 300
order_ms = 5000
passage_ms = 1500
[[access_point]]
id = "g{0}.in"
portal = "g{0}"
from = "outside"
to = "inside"
reader = "r{0}"
requires = [{2}]
)",
                       lane, scanners_[static_cast<std::size_t>(lane - 1)]->path(),
                       lane == 1 ? "\"decision\", \"screening\"" : "");
}

void SmallPost::start() {
  std::vector<std::string> words{gapura, "serve", "--config", folder_ / "site.toml", "--data", data_};
  if (!preload_.empty()) {
    const char* sanitizer = std::getenv("ASAN_OPTIONS");
    std::vector<std::string> before{"/usr/bin/env"};
    before.insert(before.end(), preload_.begin(), preload_.end());
    before.push_back("ASAN_OPTIONS=verify_asan_link_order=0:" + std::string(sanitizer ? sanitizer : ""));
    words.insert(words.begin(), before.begin(), before.end());
  }
  const std::lock_guard lock(process_mutex_);
  daemon_ = std::make_unique<ChildProcess>(words, log());
}

void SmallPost::wait_for(const std::function<bool(const json::value& status)>& is_so) {
  std::string last;
  const bool came = wait_until([&] {
    if (!running()) return true;
    const auto status = try_get("admin", "/api/v1/status");
    last = status ? json::serialize(*status) : status.error().message;
    return status && is_so(*status);
  });
  if (!came || !running()) give_up("the post is not ready: " + last + "\n" + daemon_->output());
}

void SmallPost::wait_online() { wait_for(is_online); }

void SmallPost::wait_ready() {
  wait_for([](const json::value& status) { return status.at("granting").as_bool() && is_online(status); });
}

bool SmallPost::running() const {
  const std::lock_guard lock(process_mutex_);
  return daemon_ && daemon_->running();
}

bool SmallPost::ends_within(std::chrono::nanoseconds limit) const { return daemon_->ends_within(limit); }

void SmallPost::kill_daemon() {
  const std::lock_guard lock(process_mutex_);
  if (daemon_ && daemon_->running()) kill(daemon_->pid(), SIGKILL);
}

int SmallPost::end(int signal) {
  const std::lock_guard lock(process_mutex_);
  return daemon_->end(signal);
}

Result<json::value> SmallPost::try_get(const std::string& role, const std::string& path) {
  return clients_.at(role)->get(path);
}

Result<json::value> SmallPost::try_post(const std::string& role, const std::string& path, const json::value& body) {
  return clients_.at(role)->post(path, body);
}

json::value SmallPost::get(const std::string& role, const std::string& path) {
  auto answer = try_get(role, path);
  if (!answer) give_up(answer.error().message);
  return std::move(*answer);
}

json::value SmallPost::post(const std::string& role, const std::string& path, const json::value& body) {
  auto answer = try_post(role, path, body);
  if (!answer) give_up(answer.error().message);
  return std::move(*answer);
}

bool SmallPost::scan(int lane, const std::string& code) {
  return scanners_[static_cast<std::size_t>(lane - 1)]->scan(code).has_value();
}

std::string SmallPost::staff_badge() {
  const auto made = post("admin", "/api/v1/badges/staff", {{"host", "pimpinan"}});
  return std::string(made.at("token").as_string());
}

std::size_t SmallPost::pulses_at(int lane) const {
  const auto trace = bus_->trace();
  return static_cast<std::size_t>(
      std::count_if(trace.begin(), trace.end(), [&](const auto& one) { return one.on && one.unit == lane; }));
}

bool SmallPost::opens(int lane, const std::string& code, const std::function<bool()>& is_hopeless) {
  const auto before = pulses_at(lane);
  if (!scan(lane, code)) return false;
  wait_until([&] { return pulses_at(lane) > before || is_hopeless() || !running(); });
  return pulses_at(lane) > before;
}

bool SmallPost::refuses(int lane, const std::string& code) {
  const std::string reader = fmt::format("r{}", lane), board = fmt::format("t{}", lane);
  const auto reads = device_stat(reader, "reads"), orders = device_stat(board, "orders");
  if (!scan(lane, code) || !wait_until([&] { return device_stat(reader, "reads") > reads; })) return false;
  // The core takes its inputs in order: once it has answered this, the scan is judged and what it allows is ordered.
  return try_post("admin", "/api/v1/log/checkpoint", json::object{}) && device_stat(board, "orders") == orders;
}

std::int64_t SmallPost::device_stat(const std::string& device, const char* name) {
  const auto status = get("admin", "/api/v1/status");
  for (const auto& one : status.at("devices").as_array())
    if (one.at("id").as_string() == device) return one.at("stats").at(name).to_number<std::int64_t>();
  give_up("the status does not name " + device);
}

int SmallPost::run(std::vector<std::string> words, std::string* said) {
  words.insert(words.begin(), gapura);
  const std::string output = folder_ / fmt::format("command-{}.txt", fmt::ptr(&words));
  std::filesystem::remove(output);
  ChildProcess command(words, output);
  const int code = command.wait();
  if (said) *said = command.output();
  return code;
}

void SmallPost::on_pulse(std::function<void(const simulated::CoilChange&)> hook) {
  const std::lock_guard lock(hook_mutex_);
  hook_ = std::move(hook);
}

}  // namespace gapura::tests
