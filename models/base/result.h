// SPDX-License-Identifier: Apache-2.0
// The result of a function that can fail. Policy outcomes (a denial) are values, not errors.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/base/time.h"
#include "models/base/words.h"

namespace gapura {

GAPURA_ENUM(ErrorKind,      //
            bad_input,      // the caller sent something wrong; the message says what was expected
            not_found,      // does not exist
            not_permitted,  // this person or role may not
            too_new,        // this account's password is too young for a second person's; Error::from says from when it may
            same_hand,      // this account's password was given by the first person, or the record does not say by whom
            not_on_duty,    // an aide who is not on duty; the aide may take the duty over
            conflict,       // the state changed meanwhile (another request came first), or does not allow it
            same_person,    // the form may be of a known person: the caller has to say which
            unavailable,    // a device, the network, or a full queue; trying again may help
            timed_out,      // no answer by the deadline; the request may or may not have been carried out
            storage,        // disk or database; ends granting
            bug             // a mistake in this program
);

// The message is a sentence for people: what is wrong and what to do.
struct Error {
  ErrorKind kind;
  std::string message;
  std::optional<UtcTime> from = std::nullopt;  // when the request would be allowed, where that is known
  std::vector<std::string> ids = {};           // same_person: the guests that the caller has to choose from
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(message)});
}

namespace detail {

template <class T>
T take(Result<T>&& result) {
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace detail
}  // namespace gapura

// TRY(expression) is the value of a Result, moved out of it, or nothing for a Status. An error is returned from the
// enclosing function or lambda, which may return a Result of any type. Do not use it between the braces of an initializer:
// neither g++ 12 nor clang 14 destroys the members before it when TRY returns.
#define TRY(...) GAPURA_TRY_COUNTED(__COUNTER__, __VA_ARGS__)
#define GAPURA_TRY_COUNTED(number, ...) GAPURA_TRY_NAMED(number, __VA_ARGS__)
#define GAPURA_TRY_NAMED(number, ...)                                                                         \
  __extension__({                                                                                             \
    auto gapura_try_##number = (__VA_ARGS__);                                                                 \
    if (!gapura_try_##number) return tl::unexpected<::gapura::Error>(std::move(gapura_try_##number.error())); \
    ::gapura::detail::take(std::move(gapura_try_##number));                                                   \
  })
