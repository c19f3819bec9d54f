// SPDX-License-Identifier: Apache-2.0
// [[interlock]], [[lockdown]], [[host]], [rules] and [[sop]]: rules between areas and doors, and for visits.
#include <fmt/format.h>

#include <algorithm>

#include "gateway/settings/day_time.h"
#include "gateway/settings/site_reader.h"
#include "models/site/preflight.h"

namespace gapura::gateway {

void SiteReader::read_interlock(Section section) {
  Interlock interlock;
  interlock.id = own_id(section, interlocks_);
  const std::vector<std::string> portals = section.required_texts("portals");
  refer_all(section, "portals", portals, portals_, "portal");
  for (const std::string& portal : portals) interlock.portals.emplace_back(portal);
  if (portals.size() == 1 || std::set(portals.begin(), portals.end()).size() < portals.size())
    section.mistake("portals", "expected at least two portals, each once");
  interlock.chamber = AreaId(section.text("chamber"));
  refers(section, "chamber", interlock.chamber.str(), areas_, "area");
  interlock.longest_stay = section.seconds("longest_stay_s", Millis(0), 0, 3600);
  if (interlock.chamber.empty() && interlock.longest_stay.count() > 0)
    section.mistake("longest_stay_s", "expected only with a chamber");
  section.finish();
  settings_.site.interlocks.push_back(std::move(interlock));
}

void SiteReader::read_lockdown(Section section) {
  LockdownPlan plan;
  plan.id = own_id(section, lockdowns_);
  plan.name = section.text("name", plan.id);
  const std::vector<std::string> areas = section.required_texts("areas");
  refer_all(section, "areas", areas, areas_, "area");
  for (const std::string& area : areas) plan.areas.emplace_back(area);
  plan.rank = section.integer("rank", 1, 1, 100);
  plan.may_pass = section.choices("may_pass", {"staff", "special", "general", "leaving"});
  plan.revert_after = section.minutes("revert_minutes", Millis(0), 0, 1440);
  section.finish();
  settings_.site.lockdowns.push_back(std::move(plan));
}

void SiteReader::read_host(Section section) {
  Host host;
  host.id = own_id(section, hosts_);
  host.name = section.text("name", host.id);
  host.unit = section.text("unit");
  host.receives = section.flag("receives", true);
  host.escorts = section.flag("escorts", true);
  if (!host.receives && !host.escorts) section.mistake("escorts", "expected a host who receives or escorts");
  section.finish();
  settings_.site.hosts.push_back(std::move(host));
}

void SiteReader::read_rules(Section section) {
  PostRules& rules = settings_.site.rules;
  rules.ask_again = section.seconds("ask_again_s", rules.ask_again, 10, 86400);
  rules.ask_second = section.seconds("ask_second_s", rules.ask_second, 10, 86400);
  rules.ask_telephone = section.seconds("ask_telephone_s", rules.ask_telephone, 10, 86400);
  rules.screening_prompt = section.seconds("screening_prompt_s", rules.screening_prompt, 5, 3600);
  rules.screening_deviation = section.seconds("screening_deviation_s", rules.screening_deviation, 5, 3600);
  check_asking(section);
  rules.screening_valid = section.minutes("screening_valid_min", rules.screening_valid, 0, 1440);
  rules.rewalks = section.integer("rewalks", rules.rewalks, 0, 10);
  rules.longest_stay = section.minutes("longest_stay_min", rules.longest_stay, 0, 1440);
  rules.second_person = section.seconds("second_person_s", rules.second_person, 1, 120);
  rules.panic_lockdown = section.text("panic_lockdown");
  refers(section, "panic_lockdown", rules.panic_lockdown, lockdowns_, "lockdown");
  for (const std::string& name : section.texts("panic_inputs")) {
    if (name.find('.') == std::string::npos)
      section.mistake("panic_inputs", fmt::format("expected signals as \"controller.name\", found {}", in_quotes(name)));
    else if (std::string full = signal_named(section, "panic_inputs", name, "", Way::input); !full.empty())
      rules.panic_inputs.push_back(std::move(full));
  }
  const std::string reset = section.text("passback_reset");
  const auto time = parse_day_time(reset);
  if (time && !time->from_sunset && time->minutes < Minutes(24 * 60))
    rules.passback_reset = time->minutes;
  else if (section.has("passback_reset") && !reset.empty())
    section.wrong("passback_reset", "a time of day such as \"00:00\", or \"\" for never");
  section.finish();
}

// Each is later than the one before.
void SiteReader::check_asking(Section& section) {
  const PostRules& rules = settings_.site.rules;
  if (rules.ask_second < rules.ask_again) section.wrong("ask_second_s", "at least ask_again_s");
  if (rules.ask_telephone < rules.ask_second) section.wrong("ask_telephone_s", "at least ask_second_s");
  if (rules.screening_deviation < rules.screening_prompt)
    section.wrong("screening_deviation_s", "at least screening_prompt_s");
}

void SiteReader::read_sop(Section section) {
  const std::string path = section.required_text("file");
  section.finish();
  if (path.empty() || !zone_known_) return;  // already recorded; without a zone its beginning is not known
  const auto file = shipped(path);
  if (!file) return section.wrong("file", "the path of a procedure that exists");
  // A device that is named with a mistake would be reported as missing.
  const SopSite site = described();
  SopReport report = load_sop(*file, settings_.timezone, reading_.mistakes.empty() ? &site : nullptr);
  reading_.mistakes.insert(reading_.mistakes.end(), report.mistakes.begin(), report.mistakes.end());
  reading_.warnings.insert(reading_.warnings.end(), report.warnings.begin(), report.warnings.end());
  if (!report.sop) return;
  Sop& sop = *report.sop;
  only_once(section, "file", sop.id, sops_, "SOP");
  // Two procedures of one date and category: which is in force would be undefined.
  for (const std::string& category : sop.categories)
    only_once(section, "file", fmt::format("{} from {}", category, report.paper.effective), sop_starts_, "an SOP for");
  check_gates(report);
  places_.emplace("sop " + sop.id, section.where("file"));
  settings_.site.sops.push_back(std::move(sop));
}

SopSite SiteReader::described() const {
  const auto& points = settings_.site.points;
  return {.has_detector = !settings_.site.detectors.empty(),
          .has_camera = !settings_.cameras.empty(),
          .has_inner_reader = std::any_of(points.begin(), points.end(), [](const AccessPointConfig& point) {
            return !point.reader.empty() && !is_front(point.to);
          })};
}

// A gate whose area is misspelt would be ignored.
void SiteReader::check_gates(const SopReport& report) {
  for (std::size_t i = 0; i < report.gate_places.size(); ++i) {
    const std::string& area = report.sop->gates[i].area;
    if (areas_.count(area) > 0) continue;
    Mistake mistake = report.gate_places[i];
    mistake.message = fmt::format("expected the id of an [[area]] of {}, found {}", reading_.file, in_quotes(area));
    reading_.mistakes.push_back(std::move(mistake));
  }
}

// Rules that cannot work together are reported at the section they are about. Only checked for a site without mistakes,
// which would be repeated here in other words.
void SiteReader::check_possible() {
  if (!reading_.mistakes.empty()) return;
  for (const Finding& finding : impossible_rules(settings_.site)) {
    const auto found = places_.find(finding.subject);
    const Place place = found == places_.end() ? Place{} : found->second;
    auto& list = finding.fatal ? reading_.mistakes : reading_.warnings;
    list.push_back({reading_.file, place.line, place.column, finding.subject, finding.text});
  }
}

}  // namespace gapura::gateway
