// SPDX-License-Identifier: Apache-2.0
// The threads that handlers run on. Separate lanes, so that a stuck core cannot stop reads, a stuck camera cannot stop
// writes, and password hashing (64 MiB and 130 ms each) cannot stop anything.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "drivers/mutex.h"
#include "gateway/web/queries/queries.h"
#include "models/base/result.h"

namespace gapura::gateway {

enum class Lane { read, write, camera, hash };

// Thread-safe. Every thread owns a read-only connection with its prepared statements.
class Lanes {
 public:
  using Job = std::function<void(Queries&)>;

  static Result<std::unique_ptr<Lanes>> start(const std::string& database);
  ~Lanes();  // lets running jobs end, drops the waiting ones

  // False when `limit` jobs wait already. `reserved`: in a part of its own with its own limit, before all others.
  bool post(Lane lane, Job job, std::size_t limit = 200, bool reserved = false);

 private:
  struct Queue {
    Mutex mutex;
    Condition work;
    std::deque<Job> jobs GUARDED_BY(mutex), reserved GUARDED_BY(mutex);
    bool ending GUARDED_BY(mutex) = false;
  };
  void run(Queue& queue, Queries queries, bool yielding);

  std::array<Queue, 4> queues_;
  std::vector<std::thread> threads_;
};

}  // namespace gapura::gateway
