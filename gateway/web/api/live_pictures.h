// SPDX-License-Identifier: Apache-2.0
// Live pictures of cameras for screens, as MJPEG. A camera encodes each picture once for all viewers, and only while
// it has one; a viewer that has not read the last picture misses this one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "drivers/camera.h"
#include "drivers/mutex.h"
#include "gateway/web/http/http.h"
#include "gateway/web/queries/queries.h"
#include "models/base/result.h"

namespace gapura::gateway {

// Thread-safe. One thread, which releases cameras without viewers. The cameras must outlive it.
class LivePictures {
 public:
  static constexpr const char* type = "multipart/x-mixed-replace; boundary=frame";
  static constexpr std::size_t most_per_session = 2;  // a browser has six connections for one server

  static Result<std::unique_ptr<LivePictures>> start(const std::string& database, std::function<Now()> now,
                                                     std::chrono::milliseconds session_check);
  ~LivePictures();  // closes every stream
  // A third stream of a session ends its oldest. The stream is closed when `session` (a hash; empty: none) has ended or
  // `aide` (empty: no aide) may no longer see cameras, as looked at every `session_check`.
  void join(drivers::Camera& camera, const StreamPtr& stream, std::string session, std::string aide);

 private:
  struct Viewer {
    drivers::Camera* camera;
    StreamPtr stream;
    std::string session, aide;
  };
  LivePictures(Queries queries, std::function<Now()> now, std::chrono::milliseconds session_check)
      : queries_(std::move(queries)), now_(std::move(now)), session_check_(session_check) {}
  void run();
  void sweep();
  void end_forbidden();
  void send(const drivers::Camera* camera, const StillPtr& picture);  // on the camera's thread

  Mutex mutex_;
  Condition change_;
  bool ending_ GUARDED_BY(mutex_) = false;
  std::vector<Viewer> viewers_ GUARDED_BY(mutex_);  // the oldest first
  std::map<drivers::Camera*, std::uint64_t> listening_ GUARDED_BY(mutex_);
  // The thread only.
  Queries queries_;
  std::function<Now()> now_;
  std::chrono::milliseconds session_check_;
  std::thread thread_;
};

}  // namespace gapura::gateway
