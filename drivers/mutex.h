// SPDX-License-Identifier: Apache-2.0
// The mutex of the drivers and the gateway, with the annotations by which Clang checks at compile time who holds it (./test
// --tidy; under g++ they are empty). The standard library's mutex has no annotations.
#pragma once

#include <condition_variable>
#include <mutex>

#ifdef __clang__
#define GAPURA_THREAD(word) __attribute__((word))
#else
#define GAPURA_THREAD(word)
#endif

#define CAPABILITY(name) GAPURA_THREAD(capability(name))
#define SCOPED_CAPABILITY GAPURA_THREAD(scoped_lockable)
#define GUARDED_BY(mutex) GAPURA_THREAD(guarded_by(mutex))
#define PT_GUARDED_BY(mutex) GAPURA_THREAD(pt_guarded_by(mutex))
#define REQUIRES(...) GAPURA_THREAD(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) GAPURA_THREAD(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) GAPURA_THREAD(acquire_capability(__VA_ARGS__))
#define RELEASE(...) GAPURA_THREAD(release_capability(__VA_ARGS__))

namespace gapura {

class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  friend class MutexLock;
  std::mutex mutex_;
};

// Holds the mutex until the end of its scope. May be unlocked and locked in between, also by a std::condition_variable_any.
class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : lock_(mutex.mutex_) {}
  ~MutexLock() RELEASE() {}
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  void lock() ACQUIRE() { lock_.lock(); }
  void unlock() RELEASE() { lock_.unlock(); }

 private:
  friend class Condition;
  std::unique_lock<std::mutex> lock_;
};

// std::condition_variable for a MutexLock. The condition is a lambda that REQUIRES the mutex.
class Condition {
 public:
  template <class Ready>
  void wait(MutexLock& lock, Ready ready) {
    condition_.wait(lock.lock_, ready);
  }
  template <class Duration, class Ready>
  bool wait_for(MutexLock& lock, Duration limit, Ready ready) {
    return condition_.wait_for(lock.lock_, limit, ready);
  }
  template <class Time>
  void wait_until(MutexLock& lock, Time limit) {
    condition_.wait_until(lock.lock_, limit);
  }
  template <class Time, class Ready>
  bool wait_until(MutexLock& lock, Time limit, Ready ready) {
    return condition_.wait_until(lock.lock_, limit, ready);
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace gapura
