// SPDX-License-Identifier: Apache-2.0
// Bodies that are no command, declared as commands are.
#pragma once

#include <cstdint>
#include <vector>

#include "gateway/contract/body_fields.h"
#include "models/base/time.h"

namespace gapura::gateway {

struct FirstAdmin {
  SecretText<100> code;
  Text<64> name;
  SecretText<256> password;
  GAPURA_FIELDS(code, name, password);
};
struct SignIn {
  Text<64> name;
  SecretText<256> password;
  GAPURA_FIELDS(name, password);
};
struct GivenPin {
  SecretText<64> pin;
  GAPURA_FIELDS(pin);
};
struct NewPassword {  // empty: one is generated
  Maybe<SecretText<256>> password;
  GAPURA_FIELDS(password);
};
// The command line's admin says who it is; a signed-in one need not.
struct NamedAdmin {
  Maybe<Text<64>> officer;
  Maybe<SecretText<256>> password;
  GAPURA_FIELDS(officer, password);
};
struct Colleague {  // by name or id
  Text<64> to;
  GAPURA_FIELDS(to);
};
struct Appointed {  // by name or id
  Maybe<Text<64>> user;
  GAPURA_FIELDS(user);
};
struct BadgeNumber {
  Text<16> code;
  GAPURA_FIELDS(code);
};
struct PictureFrom {
  Text<64> camera;
  GAPURA_FIELDS(camera);
};
struct AlarmNumbers {
  std::vector<std::int64_t> numbers;
  GAPURA_FIELDS(numbers);
};
struct SubjectSearch {
  Maybe<Text<40>> phone;
  Maybe<Text<10>> date;
  Maybe<Text<200>> name;
  GAPURA_FIELDS(phone, date, name);
};
struct BreachSearch {
  Maybe<Text<64>> account, device;
  std::optional<UtcTime> from, to;
  GAPURA_FIELDS(account, device, from, to);
};

}  // namespace gapura::gateway
