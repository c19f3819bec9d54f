// SPDX-License-Identifier: Apache-2.0
// The simulated site: two turnstile lanes from outside to the waiting room, a door from there to the residence, readers on
// both sides of each, a metal detector at the post.
#pragma once

#include "gateway/simulation/script.h"
#include "models/site/site.h"

namespace gapura::simulation {

// Its rules vary with the seed: anti-passback, limits, how long a screening is valid.
SiteConfig make_site(std::uint64_t seed, Scene scene = Scene::post);
// Returns the inputs and outputs of its controllers, "controller.name".
std::vector<std::string> all_signals(const SiteConfig& site);

}  // namespace gapura::simulation
