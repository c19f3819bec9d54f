// SPDX-License-Identifier: Apache-2.0
#include "running_post.h"

#include <fmt/format.h>

#include <fstream>

#include "support/free_port.h"

namespace gapura::tests {
namespace {

const std::string gapura = GAPURA_BINARY_DIR "/gapura";

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  REQUIRE(text.find(from) != std::string::npos);
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

// Faked time of day only: the boot clock stays true, as it does when a real clock is set.
std::string clock_library() {
  std::error_code none;
  for (const auto& folder : std::filesystem::directory_iterator("/usr/lib", none)) {
    const auto library = folder.path() / "faketime/libfaketimeMT.so.1";
    if (std::filesystem::exists(library, none)) return library;
  }
  return "";
}

UtcTime machine_now() { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

}  // namespace

LocalStart::LocalStart(Minutes of_day, Minutes zone) : utc(machine_now()), offset(zone) {
  utc = at(of_day);
  if (utc < machine_now()) utc += std::chrono::days(1);
}

UtcTime LocalStart::at(Minutes of_day, int days_later) const {
  return UtcTime(std::chrono::floor<std::chrono::days>(utc + offset) + std::chrono::days(days_later)) + of_day - offset;
}

std::string LocalStart::day(int days_later) const {
  return format_rfc3339(utc + std::chrono::days(days_later), offset).substr(0, 10);
}

RunningPost::RunningPost(const PostPlan& plan) : data_(plan.data_folder.empty() ? folder_ / "data" : plan.data_folder) {
  setenv("GAPURA_SHARE", GAPURA_SOURCE_DIR "/config", 1);
  simulated::PostPlan simulated;
  simulated.trace_file = folder_ / "trace.jsonl";
  simulated.device_folder = folder_.path();
  simulated.printer_port = 0;
  simulated.fps = 6;  // half of what a post needs is drawing, encoding and decoding these
  auto devices = simulated::Post::open(simulated);
  if (!devices) FAIL(devices.error().message);
  devices_ = std::move(*devices);
  port_ = free_port();
  write_configuration(plan);
  if (plan.clock) set_clock(*plan.clock - machine_now());
  run_gapura({"init", data_, "--site", "demo"});
  start_daemon();
}

RunningPost::~RunningPost() {
  clients_.clear();
  daemon_.reset();
}

// The demo's own configuration, on this test's ports.
void RunningPost::write_configuration(const PostPlan& plan) {
  std::ifstream demo(GAPURA_SOURCE_DIR "/config/demo.toml");
  std::string text((std::istreambuf_iterator<char>(demo)), {});
  replace_all(text, "127.0.0.1:8554", "127.0.0.1:" + std::to_string(devices_->cameras->port()));
  replace_all(text, "port = 1502", "port = " + std::to_string(devices_->bus->port()));
  replace_all(text, "port = 8443", "port = " + std::to_string(port_));
  replace_all(text, "[[area]]\nid = \"outside\"", "[journal]\nreserve_mib = 16\n\n[[area]]\nid = \"outside\"");
  // On a busy machine an order of the usual second and a half would be late, and rightly dropped.
  replace_all(text, "\npassage_ms = ", "\norder_ms = 5000\npassage_ms = ");
  if (!plan.procedure) replace_all(text, "[[sop]]\nfile = \"sop/demo.toml\"\n", "");
  for (const auto& [from, to] : plan.instead) replace_all(text, from, to);
  text += '\n' + plan.also;
  if (text.find("{devices}") != std::string::npos) replace_all(text, "{devices}", folder_.path());
  if (text.find("{printer}") != std::string::npos)
    replace_all(text, "{printer}", std::to_string(devices_->printer->port()));
  std::ofstream(folder_ / "site.toml") << text;
  for (const auto& [name, content] : plan.files) std::ofstream(folder_ / name) << content;
}

bool RunningPost::can_set_clock() { return !clock_library().empty(); }

void RunningPost::set_clock(Millis ahead) {
  // Renamed into place, for the daemon reads it whenever it looks at the clock.
  const std::string file = folder_ / "clock";
  std::ofstream(file + ".new") << fmt::format("{:+.3f}", std::chrono::duration<double>(ahead).count());
  std::filesystem::rename(file + ".new", file);
  ahead_ = ahead;
}

void RunningPost::pass(Millis time) {
  constexpr Millis step{50'000};  // a minute at once is a clock that jumped
  for (; time > Millis(0); time -= step) {
    const UtcTime before = now();
    set_clock(*ahead_ + std::min(time, step));
    REQUIRE(now() >= before + std::min(time, step));
  }
}

void RunningPost::jump(Millis time) { set_clock(*ahead_ + time); }

UtcTime RunningPost::now() { return time_of(get("admin", "/api/v1/status").as_object(), "time"); }

std::string RunningPost::run_gapura(std::vector<std::string> words) {
  words.insert(words.begin(), gapura);
  const std::string output = folder_ / "command.txt";
  std::filesystem::remove(output);
  ChildProcess command(words, output);
  const int code = command.wait();
  INFO(command.output());
  REQUIRE(code == 0);
  return command.output();
}

void RunningPost::start_daemon() {
  std::vector<std::string> words{gapura, "serve", "--config", folder_ / "site.toml", "--data", data_};
  if (ahead_) {
    const char* sanitizer = std::getenv("ASAN_OPTIONS");
    const std::vector<std::string> clock{
        "/usr/bin/env",
        "LD_PRELOAD=" + clock_library(),
        "FAKETIME_TIMESTAMP_FILE=" + (folder_ / "clock"),
        "FAKETIME_NO_CACHE=1",
        "DONT_FAKE_MONOTONIC=1",
        "ASAN_OPTIONS=verify_asan_link_order=0:" + std::string(sanitizer ? sanitizer : "")};
    words.insert(words.begin(), clock.begin(), clock.end());
  }
  daemon_ = std::make_unique<ChildProcess>(words, folder_ / "daemon.log");
  const bool answers = wait_until([&] {
    ChildProcess status({gapura, "status", "--data", data_}, "/dev/null");
    return status.wait() == 0 || !daemon_->running();
  });
  INFO(daemon_->output());
  REQUIRE(answers);
  REQUIRE(daemon_->running());
  if (accounts_.empty()) add_accounts();
  const bool ready = wait_until([&] {
    for (const char* device : {"cam-gate", "cam-exit", "cam-door", "cam-inside", "cam-waiting", "gate1", "door1", "wtmd1"})
      if (!device_online(device)) return false;
    return true;
  });
  INFO(daemon_->output());
  REQUIRE(ready);
}

void RunningPost::add_accounts() {
  for (const auto& [role, name] :
       std::map<std::string, std::string>{{"guard", "petugas"}, {"aide", "ajudan"}, {"admin", "admin"}}) {
    const auto answer = json::parse(run_gapura({"user", "add", name, "--role", role, "--data", data_, "--json"}));
    accounts_[role] = {name, std::string(answer.at("password").as_string()), ""};
    clients_[role] = std::make_unique<simulated::ApiClient>(url(), data_ + "/tls/ca.pem", accounts_[role]);
  }
}

}  // namespace gapura::tests
