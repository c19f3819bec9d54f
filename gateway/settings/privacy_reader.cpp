// SPDX-License-Identifier: Apache-2.0
// [privacy] and [[retention]]: the notice that guests are shown, and how long each class of their data is kept.
#include <fmt/format.h>

#include <algorithm>

#include "gateway/settings/site_reader.h"

namespace gapura::gateway {

void SiteReader::read_privacy(Section section) {
  settings_.site.notice = section.text("notice");
  if (settings_.site.notice.size() > 40) section.wrong("notice", "the version of the notice, at most 40 bytes");
  section.finish();
}

void SiteReader::read_retention(Section section) {
  const std::string name =
      section.required_choice("class", {"visit", "portrait", "nik", "clip", "approval", "deviation", "audit"});
  const auto what = find_word<RetentionClass>(name).value_or(RetentionClass::visit);
  auto& rules = settings_.retention;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const auto& one) { return one.what == what; });
  if (!name.empty()) only_once(section, "class", name, retention_, "retention rule of");
  rule->jra = section.text("jra");
  if (rule->jra.size() > 60) section.wrong("jra", "the code of the archive schedule, at most 60 bytes");
  rule->days = section.integer("days", rule->days, 1, 36500);
  rule->action =
      *find_word<RetentionAction>(section.choice("action", {"destroy", "anonymise", "permanent"}, word(rule->action)));
  if (!is_possible(what, rule->action))
    section.wrong("action", what == RetentionClass::audit   ? "permanent: an entry of the journal is never deleted"
                            : what == RetentionClass::visit ? "anonymise or permanent: times and counts of a visit stay"
                                                            : "destroy or permanent");
  section.finish();
}

// Everything about a visit is erased with it, so nothing of it can be kept longer.
void SiteReader::check_retention(const std::vector<Section>& sections) {
  const auto& rules = settings_.retention;
  const auto visit =
      std::find_if(rules.begin(), rules.end(), [](const auto& one) { return one.what == RetentionClass::visit; });
  if (visit->action == RetentionAction::permanent || sections.empty()) return;
  for (const auto& rule : rules) {
    if (rule.what == RetentionClass::visit || rule.what == RetentionClass::audit || !keeps_less(rule, *visit)) continue;
    Section last = sections.back();
    last.mistake("days",
                 fmt::format("the class {} would be kept for longer than the visit ({} days), with which everything "
                             "of it goes; keep a single case by a legal hold",
                             word(rule.what), visit->days));
  }
}

}  // namespace gapura::gateway
