// SPDX-License-Identifier: Apache-2.0
// Of programs that test cameras: started with the word camera-worker this is the child of a camera under test.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <string_view>

#include "drivers/camera.h"

int main(int argc, char* argv[]) {
  if (argc == 2 && std::string_view(argv[1]) == "camera-worker") return gapura::drivers::camera_worker_main();
  return Catch::Session().run(argc, argv);
}
