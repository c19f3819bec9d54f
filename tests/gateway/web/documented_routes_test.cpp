// SPDX-License-Identifier: Apache-2.0
// docs/api.md says what the route table and the declared answers say: routes, roles, query parameters, statuses, shapes.
#include <catch2/catch.hpp>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>

#include "gateway/web/api/router.h"
#include "gateway/web/client.h"

using namespace gapura;
using namespace gapura::test;

namespace {

unsigned roles_of_cell(const std::string& cell) {
  if (cell.find("–") != std::string::npos) return nobody;
  if (cell.find('*') != std::string::npos) return anybody;
  unsigned roles = 0;
  if (cell.find('G') != std::string::npos) roles |= guard;
  if (std::regex_search(cell, std::regex("\\bA\\b"))) roles |= aide;
  if (std::regex_search(cell, std::regex("\\bD\\b"))) roles |= admin;
  return roles;
}

// A row of the route table in docs/api.md. `answer`: what its last cell says after the arrow.
struct DocumentedRoute {
  unsigned roles = 0;
  std::string query, answer;
  std::size_t place = 0;  // of the path among those of its row
};

// Between the bars that no backslash precedes.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '|') {
      cells.emplace_back();
    } else {
      if (line.compare(i, 2, "\\|") == 0) ++i;
      cells.back() += line[i];
    }
  }
  return cells;
}

// By "GET /visits/{id}".
std::map<std::string, DocumentedRoute> documented() {
  std::map<std::string, DocumentedRoute> found;
  std::ifstream in(std::string(GAPURA_SOURCE_DIR) + "/docs/api.md");
  REQUIRE(in.good());
  const std::regex row("^\\| (GET|POST|DELETE|PUT|PATCH) "), path("`(/[^`?]*)[?]?([^`]*)`");
  const std::string arrow = "→ ";
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (!std::regex_search(line, match, row)) continue;
    INFO(line);
    const auto cells = cells_of(line);
    REQUIRE(cells.size() == 5);
    const auto at = cells[3].find(arrow);
    REQUIRE(at != std::string::npos);
    std::size_t place = 0;
    for (std::sregex_iterator it(cells[1].begin(), cells[1].end(), path), end; it != end; ++it)
      found[match[1].str() + ' ' + (*it)[1].str()] = {roles_of_cell(cells[2]), (*it)[2], cells[3].substr(at + arrow.size()),
                                                      place++};
  }
  return found;
}

std::string key_of(const Route& route) { return std::string(route.method) + ' ' + route.pattern; }

const Route& route_named(const std::string& name) {
  for (const Route& route : routes())
    if (key_of(route) == name) return route;
  FAIL("no route " << name);
  throw std::logic_error(name);
}

// "a=1|2&b=" to {a: 1|2, b: nothing}.
std::map<std::string, std::string> parameters_in(const std::string& text) {
  std::map<std::string, std::string> found;
  const std::regex parameter("(?:^|[?&])([a-z_]+)=([a-z0-9_|]*)");
  for (std::sregex_iterator it(text.begin(), text.end(), parameter), end; it != end; ++it) found[(*it)[1]] = (*it)[2];
  return found;
}

// The parts between separators that stand in no quotes, braces and brackets.
std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  int depth = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted) depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    if (c == separator && depth == 0 && !quoted)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::string without_ends(const std::string& text) { return text.substr(1, text.size() - 2); }

const Shape* shape_named(const std::string& name) {
  for (const auto& [known, shape] : answer_shapes())
    if (known == name) return &shape;
  return nullptr;
}

void check_members(const Shape& shape, const std::string& object);

// `words`: what the document says of a member's value, "[Visit]" or "bool" or "a|null".
void check_value(const Member& member, const std::string& words) {
  auto choices = parts_of(words, '|');
  const bool nullable = choices.size() > 1 && choices.back() == "null";
  if (nullable) choices.pop_back();
  const bool of_muster = member.name == "entry";  // openapi.json does not say that it may be null (UnsaidNull)
  if (nullable && !of_muster) CHECK(member.nullable);
  std::string type = choices.front();
  if (type.empty()) return;
  if (type.front() == '[') {
    CHECK(member.array);
    type = without_ends(type);
  } else if (type.front() == '{' || std::isupper(static_cast<unsigned char>(type.front()))) {
    CHECK_FALSE(member.array);
    CHECK(member.nullable == nullable);
  }
  if (type.front() == '{') {
    const Shape* shape = shape_named(member.type);
    if (shape)
      check_members(*shape, type);
    else
      CHECK(member.type == "object");
  } else if (std::isupper(static_cast<unsigned char>(type.front()))) {
    CHECK(member.type == type);
  } else if (type == "bool") {
    CHECK(member.type == "flag");
  } else if (type == "number" || type == "time") {
    CHECK(member.type == type);
  } else if (type.front() == '"' && member.type == "choice") {
    for (auto& choice : choices) choice = without_ends(choice);
    CHECK(choices == member.choices);
  }
}

// `object`: {"user":User,"password","more":…}. After "…" a page's total and cursor are left.
void check_members(const Shape& shape, const std::string& object) {
  const std::regex member("^\"([a-z0-9_]+)\":?(.*)$");
  std::vector<std::string> said, real;
  bool is_page = false;
  for (const std::string& part : parts_of(without_ends(object), ',')) {
    INFO(part);
    is_page = part == "…";
    if (is_page) break;
    std::smatch match;
    REQUIRE(std::regex_match(part, match, member));
    said.push_back(match[1]);
    if (said.size() <= shape.size()) check_value(shape[said.size() - 1], match[2]);
  }
  if (is_page) said.insert(said.end(), {"total", "more"});
  for (const Member& one : shape) real.push_back(one.name);
  CHECK(said == real);
}

// The braces that open at the text's begin, and what is between them.
std::string object_at_front(const std::string& text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (!quoted) depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
    if (depth == 0) return text.substr(0, i + 1);
  }
  FAIL("no end of " << text);
  return "";
}

// What a row says after the arrow, and after the status: a shape's name, an object, "as GET `/leader`", media types of the
// row's paths, or nothing.
void check_answer(const RouteAnswer& answer, const std::string& said, std::size_t place) {
  const auto& [media, schema, shape] = answer;
  static const std::regex name("^([A-Z][A-Za-z]+)"), object("^(?:a page of )?`(\\{.*)"), as("^as ([A-Z]+) `([^`]+)`"),
      types("^(?:`[a-z]+/[a-z0-9-]+`(?:, )?)+"), type("`([^`]+)`");
  std::smatch match;
  if (std::regex_search(said, match, name)) {
    CHECK(match[1].str() == schema);
  } else if (std::regex_search(said, match, object)) {
    CHECK(media.empty());
    check_members(shape, object_at_front(match[1]));
  } else if (std::regex_search(said, match, as)) {
    const RouteAnswer& other = route_named(match[1].str() + ' ' + match[2].str()).answer;
    CHECK(schema_of(shape) == schema_of(other.shape));
    CHECK_FALSE(shape.empty());
  } else if (std::regex_search(said, match, types)) {
    const std::string all = match[0];
    std::vector<std::string> each;
    for (std::sregex_iterator it(all.begin(), all.end(), type), end; it != end; ++it) each.push_back((*it)[1]);
    REQUIRE(place < each.size());
    CHECK(each[place] == media);
  } else {
    CHECK(media == "");
    CHECK(shape.empty());
  }
}

}  // namespace

TEST_CASE("Every documented route exists with the documented roles, and every route is documented") {
  const auto written = documented();
  CHECK(written.size() > 35);
  std::map<std::string, unsigned> real;
  for (const Route& route : routes()) real[key_of(route)] = route.roles;
  for (const auto& [name, route] : written) {
    INFO(name);
    REQUIRE(real.count(name) == 1);
    CHECK(real[name] == route.roles);
  }
  for (const auto& [name, roles] : real) {
    INFO(name);
    CHECK(written.count(name) == 1);
  }
}

TEST_CASE("Every documented route answers with the documented status and shape") {
  const std::regex status("^([0-9]{3})(?: |(?=[;:]|$))");
  for (const auto& [name, row] : documented()) {
    const Route& route = route_named(name);
    INFO(name << " → " << row.answer);
    std::smatch match;
    const bool says = std::regex_search(row.answer, match, status);
    CHECK((says ? std::stoi(match[1]) : 200) == route.status);
    check_answer(route.answer, says ? match.suffix().str() : row.answer, row.place);
  }
}

// A shape that only problems and bodies have, and one in the words of a row, is not among these.
TEST_CASE("Every documented shape has the declared members") {
  std::ifstream in(std::string(GAPURA_SOURCE_DIR) + "/docs/api.md");
  std::string text((std::istreambuf_iterator<char>(in)), {});
  text = text.substr(text.find("## Shapes"));
  text = text.substr(0, text.find("```\n\n"));
  const std::regex begin("\n([A-Z][A-Za-z]+) +\\{"), remark(" *\\([^()]*\\)"), line_break(",\\s+\""),
      absent("(\"[a-z_]+\")\\?");
  int compared = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), begin), end; it != end; ++it) {
    const Shape* declared = shape_named((*it)[1]);
    if (!declared) continue;
    INFO((*it)[1]);
    std::string object = object_at_front(text.substr(static_cast<std::size_t>(it->position() + it->length()) - 1));
    object = std::regex_replace(std::regex_replace(object, remark, ""), line_break, ",\"");
    object = std::regex_replace(object, absent, "$1");
    Shape shape = *declared;  // what a route may leave out, its own row names
    std::erase_if(shape, [&](const Member& member) {
      return !member.required && object.find('"' + member.name + '"') == std::string::npos;
    });
    check_members(shape, object);
    ++compared;
  }
  CHECK(compared == 24);
}

// A route says its query parameters in its summary, which openapi.json has.
TEST_CASE("Every documented route has the documented query parameters") {
  for (const auto& [name, row] : documented()) {
    INFO(name << '?' << row.query);
    const auto written = parameters_in(row.query), real = parameters_in(route_named(name).summary);
    for (const auto& [parameter, choices] : real) {
      INFO(parameter);
      REQUIRE(written.count(parameter) == 1);
      if (choices.find('|') != std::string::npos) CHECK(written.at(parameter) == choices);
    }
    for (const auto& [parameter, choices] : written) {
      INFO(parameter);
      CHECK(real.count(parameter) == 1);
    }
  }
}
