// SPDX-License-Identifier: Apache-2.0
// JSON shapes written as text, so that one line both checks a request body and describes itself in openapi.json:
//   name:text64, phone?:text40, category:general|special, minutes?:number, note?:lines500, badge:Badge?,
//   previous:[Previous]
// `?` after a name: may be absent. `?` after a type: may be null. A number after text: at most so many characters.
// text: one line, trimmed. lines: may contain line breaks. secret: taken as it is.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace gapura::gateway {

struct Member {
  std::string name, type;
  std::vector<std::string> choices;  // of type "choice"
  std::size_t max = 200;             // characters
  bool required = true, nullable = false, array = false;
};
using Shape = std::vector<Member>;

Shape parse_shape(std::string_view text);

// The body as an object that has exactly the shape's members: texts trimmed. Throws Problem (bad_input) naming the member.
boost::json::object read_body(const Shape& shape, std::string_view body);

boost::json::object schema_of(const Shape& shape);
boost::json::object schema_of_member(const Member& member);

}  // namespace gapura::gateway
