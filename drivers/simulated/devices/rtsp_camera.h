// SPDX-License-Identifier: Apache-2.0
// Simulated network cameras: one RTSP server on the loopback address with a mount per camera (rtsp://127.0.0.1:PORT/NAME),
// H.264 over RTP, with one encoder per camera for all its clients; and the same cameras as MJPEG over HTTP. Frames are
// drawn only while a client watches.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/base/result.h"
#include "models/base/time.h"
#include "simulated/devices/badge_scene.h"
#include "simulated/devices/wire.h"

namespace gapura::simulated {

struct CameraPlan {
  std::string name;  // the mount, without the slash
  Place place = Place::gate;
  int width = 1280, height = 720;
  double fps = 12;
  std::uint32_t seed = 1;
};

// I420; empty: there is nothing to send now.
struct CameraFrame {
  FrameBytes bytes;
  int width = 0, height = 0;
};

// Thread-safe. A badge is held into the view for `length`, including 300 ms each for the hand to come and to go.
class RtspCamera {
 public:
  virtual ~RtspCamera() = default;
  virtual const CameraPlan& plan() const = 0;
  virtual Status show(const std::string& code, Millis length) = 0;
  virtual Status show_two(const std::string& left, const std::string& right, Millis length) = 0;
  virtual Status show_picture(const std::vector<std::uint8_t>& jpeg_or_png, Millis length) = 0;
  virtual void clear() = 0;
  virtual void set_people(int count) = 0;
  // Shows a sheet of paper with one code, straight and still, without a hand: for many codes one after another.
  virtual Status show_sheet(const std::string& code, Millis length) = 0;
  // What the camera shows: normal · frozen (the same frame again and again) · black · covered · moved (knocked askew) ·
  // resize (half the size) · huge (a picture of pure noise every second) · slow (one frame a second) · wrong_clock (its
  // sender reports count from 1900; RTSP) · slow_stamps, fast_stamps (16 % slower or faster than its pictures; RTSP). What
  // it sends: stall (the session stays, nothing is sent) · mute · one_byte · late (wire.h) · disconnect (drops its clients
  // once) · offline (drops them and refuses new ones). bad_input for any other name. Ends after `length`; 0: lasts until
  // the next call.
  virtual Status misbehave(const std::string& name, Millis length) = 0;
  virtual std::string misbehaviour() const = 0;
  virtual bool watched() const = 0;
  virtual std::uint64_t frames() const = 0;  // handed to the encoder since the start

  // For the servers that send its pictures.
  virtual CameraFrame next_frame() = 0;
  virtual void watch(int change) = 0;      // change of the number of viewers
  virtual std::uint64_t cuts() const = 0;  // clients from before the last one are to be dropped
};

// What the camera's misbehaviour means for the connections to it.
WireConduct wire_conduct(const RtspCamera& camera);

// Thread-safe. Owns a thread for the protocol, and one per camera while that is watched.
class RtspServer {
 public:
  // Port 0: any free one. unavailable: the port is taken, or GStreamer's x264enc or RTP plugins are missing.
  static Result<std::unique_ptr<RtspServer>> create(int port);
  virtual ~RtspServer() = default;  // drops the clients

  virtual int port() const = 0;
  virtual std::string url(const std::string& camera) const = 0;
  virtual Result<RtspCamera*> add_camera(const CameraPlan& plan) = 0;  // owned by the server; conflict: name is taken
  virtual RtspCamera* find_camera(const std::string& name) = 0;        // null when there is none
  virtual std::vector<RtspCamera*> cameras() = 0;
  // Down: every connection is refused and every client is cut, as when the recorder loses power. Up: the same port again.
  virtual Status set_listening(bool up) = 0;
};

}  // namespace gapura::simulated
