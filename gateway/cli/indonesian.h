// SPDX-License-Identifier: Apache-2.0
// The states' words in Indonesian, as used at the post. JSON output keeps the API's words.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace gapura::gateway {

// "in_meeting" → "Sedang bertamu". An unknown word is returned as it is: the daemon may be newer than this program.
std::string in_indonesian(const std::string& word);
// The same for the word under this key of a response.
std::string indonesian_text(const boost::json::value& answer, const char* key);
// "2026-01-31T08:15:02.123+07:00" → "31.01.2026 08:15"; any other text is returned as it is.
std::string short_time(const std::string& rfc3339);

}  // namespace gapura::gateway
