// SPDX-License-Identifier: Apache-2.0
// JSON shapes written as text, so that one line both checks a request body and describes itself in openapi.json:
//   name:text64, phone?:text40, category:general|special, minutes?:number, note?:lines500, badge:Badge?,
//   previous:[Previous], minutes?:number1440, numbers:[number], from:time
// `?` after a name: may be absent. `?` after a type: may be null. A number after text: at most so many characters; after
// number: 0 to it. [type]: a list, of at most 500.// text: one line, trimmed. time: RFC 3339. lines: may contain line
// breaks. secret: taken as it is.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/time.h"

namespace gapura::gateway {

struct Member {
  std::string name, type;
  std::vector<std::string> choices;  // of type "choice"
  std::size_t max = 200;             // characters, or the largest number where `bounded`
  bool required = true, nullable = false, array = false, bounded = false;
};
using Shape = std::vector<Member>;

Shape parse_shape(std::string_view text);

// The body as an object that has exactly the shape's members: texts trimmed. Throws Problem (bad_input) naming the member.
boost::json::object read_body(const Shape& shape, std::string_view body);

// An instant as clients write it: seconds and their fraction may be missing, the zone may be "Z". Nothing when it is none.
std::optional<UtcTime> parse_time(std::string_view text);

boost::json::object schema_of(const Shape& shape);
boost::json::object schema_of_member(const Member& member);

}  // namespace gapura::gateway
