// SPDX-License-Identifier: Apache-2.0
// The shape of a JSON object as a list of its members: checks a request's body, and describes a body or an answer in
// openapi.json. Made from the fields of structs: body.h, answer.h.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/time.h"

namespace gapura::gateway {

// type: text (one line, trimmed) · lines (may contain line breaks) · secret (taken as it is) · choice · number (whole) ·
// decimal · flag · time (RFC 3339) · object (any) · the name of an answer's shape. required: may not be absent. nullable:
// may be null. array: a list, in a body of at most 500.
struct Member {
  std::string name, type;
  std::vector<std::string> choices;  // of type "choice"
  std::size_t max = 200;             // characters, or the largest number where `bounded`
  bool required = true, nullable = false, array = false, bounded = false;
};
using Shape = std::vector<Member>;

// The body as an object that has exactly the shape's members: texts trimmed. Throws Problem (bad_input) naming the member.
boost::json::object read_body(const Shape& shape, std::string_view body);

// An instant as clients write it: seconds and their fraction may be missing, the zone may be "Z". Nothing when it is none.
std::optional<UtcTime> parse_time(std::string_view text);

boost::json::object schema_of(const Shape& shape);
boost::json::object schema_of_member(const Member& member);

}  // namespace gapura::gateway
