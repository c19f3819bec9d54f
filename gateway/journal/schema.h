// SPDX-License-Identifier: Apache-2.0
// The numbered migration files of gateway/journal/*.sql, embedded by the build. Index i leads from schema i to i + 1.
#pragma once

#include <span>
#include <string_view>

namespace gapura::gateway {

extern const std::span<const std::string_view> migrations;

}  // namespace gapura::gateway
