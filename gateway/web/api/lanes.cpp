// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/lanes.h"

#include <sys/resource.h>
#include <unistd.h>

namespace gapura::gateway {
namespace {

struct Size {
  Lane lane;
  int threads;
};
// Four request workers, one of them for cameras, and one hashing thread.
constexpr Size sizes[] = {{Lane::read, 2}, {Lane::write, 1}, {Lane::camera, 1}, {Lane::hash, 1}};

}  // namespace

Result<std::unique_ptr<Lanes>> Lanes::start(const std::string& database) {
  std::unique_ptr<Lanes> lanes(new Lanes);
  for (const auto& [lane, threads] : sizes) {
    for (int i = 0; i < threads; ++i) {
      auto reader = TRY(Database::open_reader(database));
      Queue& queue = lanes->queues_[static_cast<std::size_t>(lane)];
      lanes->threads_.emplace_back(
          [self = lanes.get(), &queue, hashing = lane == Lane::hash, queries = Queries(std::move(reader))]() mutable {
            self->run(queue, std::move(queries), hashing);
          });
    }
  }
  return lanes;
}

Lanes::~Lanes() {
  for (Queue& queue : queues_) {
    const MutexLock lock(queue.mutex);
    queue.ending = true;
    queue.work.notify_all();
  }
  for (auto& thread : threads_) thread.join();
}

bool Lanes::post(Lane lane, Job job, std::size_t limit, bool reserved) {
  Queue& queue = queues_[static_cast<std::size_t>(lane)];
  const MutexLock lock(queue.mutex);
  auto& part = reserved ? queue.reserved : queue.jobs;
  if (queue.ending || part.size() >= limit) return false;
  part.push_back(std::move(job));
  queue.work.notify_one();
  return true;
}

void Lanes::run(Queue& queue, Queries queries, bool yielding) {
  // On Linux a priority belongs to a thread; hashing must never delay a door.
  if (yielding) (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10);
  for (;;) {
    Job job;
    {
      MutexLock lock(queue.mutex);
      queue.work.wait(
          lock, [&]() REQUIRES(queue.mutex) { return queue.ending || !queue.jobs.empty() || !queue.reserved.empty(); });
      if (queue.ending) return;
      auto& part = queue.reserved.empty() ? queue.jobs : queue.reserved;
      job = std::move(part.front());
      part.pop_front();
    }
    job(queries);
  }
}

}  // namespace gapura::gateway
