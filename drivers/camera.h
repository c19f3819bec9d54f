// SPDX-License-Identifier: Apache-2.0
// A camera, decoded and searched for badges in a child process of its own. The child has no database and no bus. When it
// hangs or crashes it is killed and replaced, and no other device is affected.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/reader.h"
#include "models/base/device_event.h"
#include "models/base/ids.h"
#include "models/base/result.h"

namespace gapura::drivers {

// Why a camera cannot be used. Two faults leave it online, because badges are still read: moved, and wrong_clock (the time
// that the camera prints into its pictures and uses for its own recordings is wrong).
enum class CameraFault : std::uint8_t {
  none,
  no_connection,  // the address does not answer, or not with a camera's protocol
  refused_login,  // it asks for another user name or password
  untrusted,      // its certificate is not the configured one, or no known authority signed it: nothing was sent to it
  no_picture,     // connected, and no picture comes
  late_picture,   // pictures arrive more than a second after they were taken
  black,
  covered,        // bright, but without detail: the lens is covered or out of focus
  frozen,         // the same picture again and again: not even a sensor's noise changes
  moved,          // turned, knocked or aimed elsewhere: the view differs from the learned one
  wrong_clock,    // differs from ours by more than a minute
  reader_failed,  // its child process crashed or hung
};

// How long a picture must look wrong before a fault is reported, and well before the fault ends.
struct PictureLimits {
  Millis black{2000}, covered{4000}, frozen{15'000}, recovered{1000};  // frozen: 0 for never
  Millis moved{30'000};                                                // 0: never
};

// What a camera's view is recognised by, as made by its child (view_watch.h): directions of edges, not a picture.
using ViewBytes = std::vector<std::uint8_t>;

// After which silence the parent ends the child; tests use shorter limits.
struct ChildLimits {
  Millis health{250};           // between two of its health messages
  Millis start{10'000};         // until the first one: on a cold machine a hundred libraries are loaded
  Millis silence{2000};         // without a health message for this long the child as a whole hangs
  Millis search{2000};          // elapsed time for one search; the child's own timer counts half a second of processor time
  Millis restart{100};          // pause before a child that worked is replaced
  Millis reconnect{1000};       // the child's pause before it opens its source again
  Millis worked_after{10'000};  // a child that ends earlier has failed: pauses get longer
};

// How the camera at an rtsps:// or https:// address is identified. A password is sent to no other host.
struct TlsTrust {
  bool verify = true;       // false: any certificate is accepted
  std::string ca_file;      // PEM; empty: the authorities that the system trusts
  std::string fingerprint;  // SHA-256 of the camera's own certificate, 64 lower-case digits; instead of an authority
};

struct CameraSettings {
  CameraId id;
  std::string url;           // rtsp://…, http://… (MJPEG), /dev/video0, or a file (played in a loop at its own rate)
  bool reads_badges = true;  // false: pictures only (a waiting room)
  ReaderId reader;           // the reader's id in reports; empty when reads_badges is false
  double fps = 0;            // upper bound of frames searched per second; 0: every frame
  Millis frame_limit{2000};  // no fresh frame for this long: the camera is offline (noticed within 3 s)
  bool keeps_clips = false;  // keeps the last seconds of the compressed stream (RTSP and HTTP MJPEG only), for take_clip()
  PictureLimits picture = {};
  ViewBytes view = {};  // kept from an earlier run; empty: the first view seen is the right one
  std::function<void(const ViewBytes&)> keep_view = nullptr;  // called on the supervising thread after learning
  ChildLimits child = {};
  TlsTrust tls = {};
};

// Whether a source at this address can give clips: files and V4L2 devices give pictures only.
bool can_keep_clips(const std::string& url);

struct CameraStats {
  bool online = false;
  CameraFault fault = CameraFault::none;
  std::uint64_t frames = 0, reads = 0, restarts = 0;
  std::uint64_t dropped = 0;  // a newer one came while the older was searched
  std::uint64_t late = 0;     // arrived more than a second after they were taken, and were not searched
  double fps = 0;             // over the last two seconds
  double decode_ms = 0;       // mean per frame over the last two seconds: video decoding
  double search_ms = 0;       // the same: searching for codes
  double cpu = 0;             // of the child process, 1.0 = one core, over the last two seconds
  Millis frame_age{0};        // since the newest frame was captured; meaningless while offline
  int width = 0, height = 0;
  int landmarks = 0;  // that its view is recognised by; 0: still being learned, or too plain
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
  // Returns the newest picture, at most `max_age` old; null when there is none (the camera is offline, or was not watched
  // before). Each call marks the camera as watched for ten seconds, during which its child encodes previews (5 per second
  // at most).
  virtual StillPtr latest(Millis max_age) = 0;
  // Waits up to `limit` for a picture captured after this call. Not to be called on the core thread.
  virtual Result<StillPtr> take_still(Millis limit) = 0;
  // While there is a listener, previews are made at up to 12 a second, encoded once for all listeners. Called on the
  // supervising thread for each preview; must not block and must not call the camera. Not called after remove_listener()
  // has returned.
  virtual std::uint64_t add_listener(PictureListener listener) = 0;
  virtual void remove_listener(std::uint64_t id) = 0;
  // Takes the stream between two instants from what is kept (about 15 s back). `done` is called exactly once, on the
  // supervising thread, when `until` has passed or no clip can be made; it must not block.
  virtual void take_clip(BootTime from, BootTime until, ClipDone done) = 0;
  // Accepts the present view as the right one. It is learned within ten checks, and from
  // then on the fault `moved` is over.
  virtual void accept_view() = 0;
  // For tests: the child's process id, 0 while there is none.
  virtual int child_pid() const = 0;
};

// The child's main: reads its settings from the socket on descriptor 3 and returns only after the parent has closed it.
int camera_worker_main();

}  // namespace gapura::drivers

namespace gapura {

template <>
inline constexpr auto words<drivers::CameraFault> = std::to_array<const char*>({"", "no_connection", "refused_login",
                                                                                "untrusted", "no_picture", "late_picture",
                                                                                "black", "covered", "frozen", "moved",
                                                                                "wrong_clock", "reader_failed"});

}  // namespace gapura
