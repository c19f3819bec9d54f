// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "gateway/cli/commands.h"
#include "gateway/simulation/campaign.h"

namespace gapura::gateway {
namespace {

using simulation::Faults;

// With more visits a day would not resemble one at a post.
constexpr int most_visits_a_day = 250;

Result<Faults> parse_faults(const std::string& list) {
  if (list == "all") return Faults{};
  Faults faults = Faults::none();
  std::istringstream words_of_list(list);
  for (std::string name; std::getline(words_of_list, name, ',');) {
    bool* place = name == "power"     ? &faults.power
                  : name == "disk"    ? &faults.disk
                  : name == "devices" ? &faults.devices
                  : name == "clock"   ? &faults.clock
                  : name == "people"  ? &faults.people
                  : name == "storm"   ? &faults.storm
                                      : nullptr;
    if (place) {
      *place = true;
    } else if (name != "none") {
      return fail(ErrorKind::bad_input,
                  "--faults: expected all, none, or some of power,disk,devices,clock,people; or storm");
    }
  }
  return faults;
}

Status write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) return fail(ErrorKind::storage, "cannot write " + path);
  return {};
}

void print(const Terminal& terminal, const simulation::Report& sum, double seconds) {
  if (terminal.json) {
    terminal.out << fmt::format(
        R"({{"visits":{},"entries":{},"grants":{},"denials":{},"passages":{},"pulses":{},"power_cuts":{},"disk_errors":{},"violations":{},"journal_root":"{}"}})"
        "\n",
        sum.visits, sum.entries, sum.grants, sum.denials, sum.passages, sum.pulses, sum.power_cuts, sum.disk_errors,
        sum.violation ? 1 : 0, sum.journal_root);
    return;
  }
  terminal.out << fmt::format(
      "visits      {}\nentries     {}\ngrants      {} ({} passages, {} denials)\npulses      {}\npower cuts  {}\n"
      "disk errors {}\nviolations  {}\njournal root {}\nseconds     {:.1f}\n",
      sum.visits, sum.entries, sum.grants, sum.passages, sum.denials, sum.pulses, sum.power_cuts, sum.disk_errors,
      sum.violation ? 1 : 0, sum.journal_root, seconds);
}

// Reports what failed, and writes the smallest script that still shows it.
int report_violation(const Terminal& terminal, const simulation::Script& script, const simulation::Violation& violation,
                     const std::string& folder) {
  terminal.err << fmt::format("seed {}: {} at {:.1f} min, entry {}: {}\n", script.seed, violation.check,
                              static_cast<double>(violation.at.count()) / 60'000, violation.entry, violation.what);
  const auto small = simulation::shrink(script, violation.check);
  const std::string path = (folder.empty() ? "." : folder) + "/violation-" + std::to_string(script.seed) + ".script";
  if (const auto written = write_text(path, to_text(small)); !written) return report(terminal, written.error());
  terminal.err << fmt::format("{} of {} parts of the day are needed; replay: gapura simulate --script {}\n",
                              small.items.size(), script.items.size(), path);
  return failed;
}

}  // namespace

int simulate(const Terminal& terminal, const SimulateRequest& request) {
  simulation::prepare_process();
  const auto faults = parse_faults(request.faults);
  if (!faults) return report(terminal, faults.error());
  const auto scene = find_word<simulation::Scene>(request.scene);
  if (!scene) return report(terminal, {ErrorKind::bad_input, "--scene: expected post or procedures"});
  if (!request.out.empty()) {
    std::error_code error;
    std::filesystem::create_directories(request.out, error);
    if (error) return report(terminal, {ErrorKind::storage, "cannot make " + request.out});
  }
  const std::string keep = request.out.empty() ? "" : request.out + "/gapura.db";
  const auto began = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); };

  simulation::Script script;
  if (!request.script.empty()) {
    std::ifstream file(request.script);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) return report(terminal, {ErrorKind::bad_input, "cannot read " + request.script});
    auto parsed = simulation::parse_script(text.str());
    if (!parsed) return report(terminal, parsed.error());
    script = std::move(*parsed);
  } else if (request.visits <= most_visits_a_day) {
    script = simulation::make_script(request.seed, request.visits, *faults, *scene);
  } else {
    simulation::Campaign campaign;
    campaign.first_seed = request.seed;
    campaign.visits_a_day = most_visits_a_day;
    campaign.days = (request.visits + most_visits_a_day - 1) / most_visits_a_day;
    campaign.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    campaign.faults = *faults;
    campaign.scene = *scene;
    const auto all = simulation::run_campaign(campaign);
    print(terminal, all.sum, seconds());
    if (!all.sum.violation) return done;
    script = simulation::make_script(all.failed_seed, most_visits_a_day, *faults, *scene);
    return report_violation(terminal, script, *all.sum.violation, request.out);
  }
  const auto day = simulation::run_day(script, keep);
  print(terminal, day, seconds());
  if (!keep.empty()) {
    if (const auto written = write_text(request.out + "/day.script", to_text(script)); !written)
      return report(terminal, written.error());
  }
  return day.violation ? report_violation(terminal, script, *day.violation, request.out) : done;
}

}  // namespace gapura::gateway
