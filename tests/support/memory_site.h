// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/memory_file.h"
#include "support/site_harness.h"

namespace gapura::tests {

using SiteHarness = Harness<MemoryFile>;

}  // namespace gapura::tests
