// SPDX-License-Identifier: Apache-2.0
// Simulated network cameras: one RTSP server on the loopback address with a mount per camera (rtsp://127.0.0.1:PORT/NAME),
// H.264 over RTP, every client of a camera sharing one encoder; and the same cameras as MJPEG over HTTP. Frames are drawn
// only while somebody watches.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/result.h"
#include "models/time.h"
#include "simulated/badge_scene.h"
#include "simulated/wire.h"

namespace gapura::simulated {

struct CameraPlan {
  std::string name;  // the mount, without the slash
  Place place = Place::gate;
  int width = 1280, height = 720;
  double fps = 12;
  std::uint32_t seed = 1;
};

// I420; empty: nothing is to be sent now.
struct CameraFrame {
  FrameBytes bytes;
  int width = 0, height = 0;
};

// Thread-safe. A badge is held into the view for `length`, including the 300 ms that it needs to come and to go.
class RtspCamera {
 public:
  virtual ~RtspCamera() = default;
  virtual const CameraPlan& plan() const = 0;
  virtual Status show(const std::string& code, Millis length) = 0;
  virtual Status show_two(const std::string& left, const std::string& right, Millis length) = 0;
  virtual Status show_picture(const std::vector<std::uint8_t>& jpeg_or_png, Millis length) = 0;
  virtual void clear() = 0;
  virtual void set_people(int count) = 0;
  // A sheet of paper with one code, straight, unmoved, there at once and gone at once: many codes one after another.
  virtual Status show_sheet(const std::string& code, Millis length) = 0;
  // What it shows: normal · frozen (the same frame again and again) · black · covered · moved (knocked askew) · resize
  // (half the size) · huge (a picture of pure noise every second) · slow (one frame a second) · wrong_clock (its sender
  // reports count from 1900; RTSP) · slow_stamps, fast_stamps (they run 16 % away from its pictures; RTSP). What it sends:
  // stall (the session stays, nothing is sent) · mute · one_byte · late (wire.h) · disconnect (drops its clients once) ·
  // offline (drops them and refuses new ones). bad_input for any other.
  // Ends by itself after `length`; 0: until told.
  virtual Status misbehave(const std::string& name, Millis length) = 0;
  virtual std::string misbehaviour() const = 0;
  virtual bool watched() const = 0;
  virtual std::uint64_t frames() const = 0;  // handed to the encoder since the start

  // For whoever serves its pictures.
  virtual CameraFrame next_frame() = 0;
  virtual void watch(int change) = 0;      // somebody came or went
  virtual std::uint64_t cuts() const = 0;  // clients of before the last one are to be dropped
};

// What the camera's misbehaviour means for the way to it.
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
  // Down: nobody listens and every client is cut, as when the recorder loses power. Up: the same port again.
  virtual Status set_listening(bool up) = 0;
};

}  // namespace gapura::simulated
