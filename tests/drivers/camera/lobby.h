// SPDX-License-Identifier: Apache-2.0
// Drawn lobbies, seen by a camera that can be moved, in different light, with people. The same seed gives the same lobby.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace gapura::tests {

// How the camera was moved: right and down in shares of the picture's width, turned in degrees, zoomed.
struct CameraPose {
  double x = 0, y = 0, degrees = 0, zoom = 1;
};

struct LobbyLight {
  double gain = 1, slope = 0;        // slope: brighter to one side
  double lamp = 0, lamp_x = 0;       // a lamp, where
  double shadow = 0, shadow_at = 0;  // the sun through a window: how dark, how far
  bool infrared = false;             // its own light, and other shades of everything
};

struct LobbyPerson {
  double x = 0, feet = 1, height = 0.5;  // shares of the picture
  std::uint32_t dress = 1;
};

class Lobby {
 public:
  explicit Lobby(std::uint32_t seed, int moved_furniture = 0);
  // Returns 640×360 pixels, as after a camera's compression. `number`: the picture's, for its noise.
  cv::Mat see(const CameraPose& pose, const LobbyLight& light, const std::vector<LobbyPerson>& people, double noise,
              std::uint64_t number) const;

 private:
  cv::Mat day_, night_;  // shades, half as large again as the picture
};

}  // namespace gapura::tests
