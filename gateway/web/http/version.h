// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef GAPURA_VERSION
#define GAPURA_VERSION "0.1.0"
#endif

namespace gapura::gateway {
constexpr const char* version = GAPURA_VERSION;
}
