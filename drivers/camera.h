// SPDX-License-Identifier: Apache-2.0
// A camera, decoded and searched for badges in a child process of its own. The child has no database and no bus; when it
// hangs or crashes it is killed and started anew, and nothing else notices.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/reader.h"
#include "models/device_event.h"
#include "models/ids.h"
#include "models/result.h"

namespace gapura::drivers {

// Why a camera is of no use. Two leave it online, for badges are read all the same: moved, and wrong_clock (what is printed
// into its pictures, and what it records itself, has the wrong time).
enum class CameraFault : std::uint8_t {
  none,
  no_connection,  // the address does not answer, or not as a camera does
  refused_login,  // it asks for another user name or password
  untrusted,      // its certificate is not the one that was named, or no known authority signed it: nothing was sent to it
  no_picture,     // connected, and no picture comes
  late_picture,   // pictures come more than a second after they were taken
  black,
  covered,        // light, but nothing in it: something lies on the lens, or it is out of focus
  frozen,         // the same picture again and again: no lobby, and no sensor, is ever that still
  moved,          // turned, knocked or aimed anew: it shows another view than the one it learned
  wrong_clock,    // more than a minute away from ours
  reader_failed,  // its process crashed or hung
};

// How long a picture must look wrong before it is said, and well before that is taken back.
struct PictureLimits {
  Millis black{2000}, covered{4000}, frozen{15'000}, recovered{1000};  // frozen: 0 for never
  Millis moved{30'000};                                                // 0: never
};

// By what a camera's view is known again, as its child made it (view_watch.h): directions of edges, no picture.
using ViewBytes = std::vector<std::uint8_t>;

// When the parent loses patience with the child; tests make all of it shorter.
struct ChildLimits {
  Millis health{250};           // between two of its health messages
  Millis start{10'000};         // until the first one: a cold machine loads a hundred libraries
  Millis silence{2000};         // without one the child hangs as a whole
  Millis search{2000};          // of time that passes; the child's own timer counts half a second of work
  Millis restart{100};          // pause before a child that worked starts anew
  Millis reconnect{1000};       // the child's pause before it opens its source again
  Millis worked_after{10'000};  // a child that ends earlier has failed: the next pauses are longer
};

// Whom to take for the camera where its address is rtsps:// or https://. A password is sent to no other host.
struct TlsTrust {
  bool verify = true;       // false: any host that answers
  std::string ca_file;      // PEM; empty: the authorities that the system trusts
  std::string fingerprint;  // SHA-256 of the camera's own certificate, 64 lower-case digits; instead of an authority
};

struct CameraSettings {
  CameraId id;
  std::string url;           // rtsp://…, http://… (MJPEG), /dev/video0, or a file (played in a loop at its own rate)
  bool reads_badges = true;  // false: pictures only (a waiting room)
  ReaderId reader;           // under which reads are reported; empty when reads_badges is false
  double fps = 0;            // upper bound of frames searched per second; 0: every frame
  Millis frame_limit{2000};  // no fresh frame for this long: the camera is offline (noticed within 3 s)
  bool keeps_clips = false;  // keeps the last seconds of the compressed stream (RTSP and HTTP MJPEG only), for take_clip()
  PictureLimits picture = {};
  ViewBytes view = {};  // kept from an earlier run; empty: what it sees first is right
  std::function<void(const ViewBytes&)> keep_view = nullptr;  // called on the supervising thread whenever it learned
  ChildLimits child = {};
  TlsTrust tls = {};
};

// Whether a source of this address can give clips: files and V4L2 devices hand out pictures only.
bool can_keep_clips(const std::string& url);

struct CameraStats {
  bool online = false;
  CameraFault fault = CameraFault::none;
  std::uint64_t frames = 0, reads = 0, restarts = 0;
  std::uint64_t dropped = 0;  // a newer one came while the older was searched
  std::uint64_t late = 0;     // came more than a second after they were taken, and were not looked at
  double fps = 0;             // over the last two seconds
  double decode_ms = 0;       // mean per frame over the last two seconds: video decoding
  double search_ms = 0;       // the same: searching for codes
  double cpu = 0;             // of the child process, 1.0 = one core, over the last two seconds
  Millis frame_age{0};        // since the newest frame was captured; meaningless while offline
  int width = 0, height = 0;
  int landmarks = 0;  // by which its view is known again; 0: it is still learned, or has too little to tell it by
  std::optional<BootTime> last_read;
  std::string detail;  // the last reason for being offline
};

using PictureListener = std::function<void(const StillPtr&)>;
using ClipDone = std::function<void(Result<ClipPtr>)>;

// Thread-safe. Owns one supervising thread and one child process.
class Camera {
 public:
  // `program` is the executable that, started as `program camera-worker`, calls camera_worker_main() (gapura itself).
  static Result<std::unique_ptr<Camera>> create(CameraSettings settings, DeviceSink& sink, std::string program);
  virtual ~Camera() = default;  // ends the child

  virtual const CameraSettings& settings() const = 0;
  virtual CameraStats stats() const = 0;
  // The newest picture, at most `max_age` old; null when there is none (offline, or nobody watched so far).
  // Asking marks the camera as watched for ten seconds, so that its child encodes previews (5 per second at most).
  virtual StillPtr latest(Millis max_age) = 0;
  // Waits up to `limit` for a picture captured after this call. Not for the core thread.
  virtual Result<StillPtr> take_still(Millis limit) = 0;
  // While there is a listener, previews are made at up to 12 a second, one encoding for all. Called on the supervising
  // thread for each: it must return at once, and must not call the camera. After remove_listener() it is not called again.
  virtual std::uint64_t add_listener(PictureListener listener) = 0;
  virtual void remove_listener(std::uint64_t id) = 0;
  // The stream between two instants, as far as it is kept: about 15 s back. `done` is called exactly once, when `until` has
  // passed or it is known that nothing will come, on the supervising thread; it must return at once.
  virtual void take_clip(BootTime from, BootTime until, ClipDone done) = 0;
  // What it shows now is right, whatever it showed before: it is learned within ten looks (the limit `moved`), and from
  // then on `moved` is no longer its fault.
  virtual void accept_view() = 0;
  // For tests: the child's process id, 0 while there is none.
  virtual int child_pid() const = 0;
};

// The child's main: reads its settings from the socket on descriptor 3, never returns before the parent closes it.
int camera_worker_main();

}  // namespace gapura::drivers

namespace gapura {

template <>
inline constexpr auto words<drivers::CameraFault> = std::to_array<const char*>({"", "no_connection", "refused_login",
                                                                                "untrusted", "no_picture", "late_picture",
                                                                                "black", "covered", "frozen", "moved",
                                                                                "wrong_clock", "reader_failed"});

}  // namespace gapura
