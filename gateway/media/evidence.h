// SPDX-License-Identifier: Apache-2.0
// Which moments of the record need a camera's stills and clips, and which cameras saw them.
#pragma once

#include <optional>
#include <string>

#include "gateway/settings/settings.h"
#include "models/record/site_event.h"

namespace gapura::gateway {

inline constexpr Millis clip_before{10'000}, clip_after{5'000};

// Returns none for entries that need no camera, and for codes with which a reader is being flooded.
std::optional<Moment> moment_of(const Entry& entry);

// Whether this camera watches the place of the event: the entry's point, detector or portal is among `watches`, or is the
// point of the camera's own reader.
bool watches(const CameraEntry& camera, const SiteConfig& site, const std::string& where);

}  // namespace gapura::gateway
