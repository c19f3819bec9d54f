// SPDX-License-Identifier: Apache-2.0
// The version of this build, as `gapura --version`, the API and the marker of a broken invariant say it.
#pragma once

namespace gapura::gateway {

constexpr const char* version = "0.2.0";

}  // namespace gapura::gateway
