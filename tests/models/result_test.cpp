// SPDX-License-Identifier: Apache-2.0
#include "models/base/result.h"

#include <catch2/catch.hpp>
#include <memory>

using namespace gapura;

namespace {

struct Counted {
  explicit Counted(int& count) : alive(&count) { ++*alive; }
  Counted(Counted&& other) noexcept : alive(other.alive) { ++*alive; }
  ~Counted() { --*alive; }
  int* alive;
};

Result<int> number(int value) {
  if (value < 0) return fail(ErrorKind::not_found, std::to_string(value));
  return value;
}

Result<int> sum(int a, int b) { return a + b; }

Status is_even(int value) {
  if (value % 2 != 0) return fail(ErrorKind::conflict, "odd");
  return {};
}

Result<std::unique_ptr<int>> boxed(int value) { return std::make_unique<int>(TRY(number(value))); }

// Each form that the project writes: behind `=`, as a statement, behind `return`, nested, and in a lambda.
Result<std::string> text_of(int value, int& reached) {
  const int twice = TRY(sum(TRY(number(value)), value));
  reached = 1;
  TRY(is_even(value));
  reached = 2;
  auto box = TRY(boxed(value - 10));
  reached = 3;
  const auto add = [&](int more) -> Result<int> { return TRY(number(more)) + *box; };
  return std::to_string(twice) + " " + std::to_string(TRY(add(value - 20)));
}

}  // namespace

TEST_CASE("TRY gives the value, or returns the error from the function around it") {
  int reached = 0;
  SECTION("all values are there") { CHECK(text_of(20, reached) == "40 10"); }
  SECTION("an error of a nested call, to a Result of another type") {
    const auto text = text_of(-1, reached);
    REQUIRE_FALSE(text);
    CHECK(text.error().kind == ErrorKind::not_found);
    CHECK(text.error().message == "-1");
    CHECK(reached == 0);
  }
  SECTION("an error of a Status") {
    CHECK(text_of(3, reached).error().message == "odd");
    CHECK(reached == 1);
  }
  SECTION("an error where the value can only be moved") {
    CHECK(text_of(8, reached).error().message == "-2");
    CHECK(reached == 2);
  }
  SECTION("an error returned from a lambda") {
    CHECK(text_of(18, reached).error().message == "-2");
    CHECK(reached == 3);
  }
}

TEST_CASE("TRY moves the value out of a call, copies that of a variable and leaves nothing behind") {
  int alive = 0;
  const auto made = [&](bool good) -> Result<Counted> {
    if (!good) return fail(ErrorKind::bug, "");
    return Counted(alive);
  };
  const auto kept = [&](bool good) -> Result<int> {
    const Counted before(alive);
    const auto counted = TRY(made(good));
    return *counted.alive;
  };
  CHECK(kept(true) == 2);
  CHECK(alive == 0);
  CHECK_FALSE(kept(false));
  CHECK(alive == 0);

  const Result<std::string> stored = std::string(40, 'x');
  const auto copied = [&]() -> Result<std::string> { return TRY(stored); };
  CHECK(*copied() == *stored);
  CHECK(stored->size() == 40);
}
