// SPDX-License-Identifier: Apache-2.0
#include "support/memory_site.h"

using namespace gapura;
using namespace gapura::tests;

TEST_CASE("no account takes a name that the record gives to none") {
  SiteHarness site;
  for (const char* name : {"local", "System", "1ocal", "s\u0443stem", "local\u200b", "set-up"}) {
    INFO(name);
    for (const Role role : {Role::guard, Role::aide, Role::admin}) {
      const auto made = site.ask(AddUser{name, role, "*1", false}, "admin");
      REQUIRE_FALSE(made);
      CHECK(made.error().kind == ErrorKind::bad_input);
    }
  }
  CHECK(site.ask(AddUser{"sari", Role::guard, "*1", false}, "admin"));
}
