// SPDX-License-Identifier: Apache-2.0
#include "gateway/locale/words.h"

#include <unicode/msgfmt.h>
#include <unicode/numfmt.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>

namespace gapura::gateway {
namespace {

std::optional<std::string_view> find_sentence(const Catalogue& catalogue, std::string_view key) {
  const auto found = std::ranges::lower_bound(catalogue.sentences, key, {}, [](const auto& row) { return row.first; });
  if (found == catalogue.sentences.end() || found->first != key) return std::nullopt;
  return found->second;
}

icu::UnicodeString to_icu(std::string_view utf8) {
  return icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())});
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string utf8;
  return text.toUTF8String(utf8);
}

icu::Locale locale_of(std::string_view tag) {
  UErrorCode status = U_ZERO_ERROR;
  return icu::Locale::forLanguageTag({tag.data(), static_cast<std::int32_t>(tag.size())}, status);
}

bool is_known(const icu::Locale& locale) {
  std::int32_t count = 0;
  const icu::Locale* all = icu::Locale::getAvailableLocales(count);
  return std::any_of(all, all + count,
                     [&](const icu::Locale& one) { return std::string_view(one.getLanguage()) == locale.getLanguage(); });
}

// As the console's (locale.mjs): its "language.format", else its own tag, else Bahasa Indonesia where ICU does not know
// that.
icu::Locale format_of(const Catalogue& catalogue) {
  if (const auto tag = find_sentence(catalogue, "language.format")) return locale_of(*tag);
  const icu::Locale own = locale_of(catalogue.tag);
  return is_known(own) ? own : locale_of("id");
}

}  // namespace

std::vector<std::string> languages() {
  std::vector<std::string> tags;
  for (const Catalogue& one : catalogues) tags.emplace_back(one.tag);
  return tags;
}

Words::Words(std::string_view tag) : own_(&catalogues.front()) {
  for (const Catalogue& one : catalogues)
    if (one.tag == tag) own_ = &one;
}

std::string Words::filled(std::string_view key, std::span<const char* const> names, std::span<const Place> places) const {
  const auto own = find_sentence(*own_, key);
  const std::string_view text = own ? *own : find_sentence(catalogues.front(), key).value_or(key);
  std::vector<icu::UnicodeString> place_names(names.begin(), names.end());
  std::vector<icu::Formattable> values;
  for (const Place& one : places) {
    if (const auto* number = std::get_if<std::int64_t>(&one))
      values.emplace_back(*number);
    else
      values.emplace_back(to_icu(std::get<std::string>(one)));
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessageFormat format(to_icu(text), format_of(*own_), status);
  icu::UnicodeString out;
  format.format(place_names.data(), values.data(), static_cast<std::int32_t>(values.size()), out, status);
  return U_SUCCESS(status) ? to_utf8(out) : std::string(text);  // the build has read every sentence: see main.cpp
}

std::string Words::with_second(const std::string& first, std::string second) {
  if (!second.empty() && second.back() != '.') second[0] = static_cast<char>(std::tolower(second[0]));
  return first + " / " + second;
}

std::string Words::coded(std::string_view beginning, const std::string& code) const {
  const std::string key = std::string(beginning) + code;
  return find_sentence(catalogues.front(), key) ? filled(key, {}, {}) : code;
}

std::string Words::number(std::int64_t value) const {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::NumberFormat> format(icu::NumberFormat::createInstance(format_of(*own_), status));
  icu::UnicodeString out;
  if (U_FAILURE(status)) return std::to_string(value);
  return to_utf8(format->format(value, out));
}

std::string Words::upper(const std::string& text) const { return to_utf8(to_icu(text).toUpper(format_of(*own_))); }

std::string short_time(const std::string& rfc3339) {
  if (rfc3339.size() < 16 || rfc3339[10] != 'T') return rfc3339;
  return rfc3339.substr(8, 2) + '.' + rfc3339.substr(5, 2) + '.' + rfc3339.substr(0, 4) + ' ' + rfc3339.substr(11, 5);
}

}  // namespace gapura::gateway
