// SPDX-License-Identifier: Apache-2.0
// A packet of libavcodec and its owner. Private to libav_source.cpp and packet_ring.cpp.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <memory>

namespace gapura::drivers {

struct PacketDeleter {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
using PacketPtr = std::unique_ptr<AVPacket, PacketDeleter>;

}  // namespace gapura::drivers
