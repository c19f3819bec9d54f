// SPDX-License-Identifier: Apache-2.0
#include "gateway/core/core_thread.h"

#include <future>

#include "models/base/invariant.h"

namespace gapura::gateway {

Result<Reply> CorePort::call(Command command, Actor actor) {
  auto promise = std::make_shared<std::promise<Result<Reply>>>();
  auto answer = promise->get_future();
  post(std::move(command), std::move(actor), [promise](Result<Reply> reply) { promise->set_value(std::move(reply)); });
  return answer.get();
}

bool Mailbox::post(Input input, bool needed) {
  {
    const MutexLock lock(mutex_);
    if (closed_) return false;
    if (inputs_.size() >= limit && !needed) {
      ++dropped_;
      return false;
    }
    inputs_.push_back(std::move(input));
  }
  arrived_.notify_one();
  return true;
}

std::optional<Input> Mailbox::take(std::optional<BootTime> until) {
  MutexLock lock(mutex_);
  const auto ready = [&]() REQUIRES(mutex_) { return !inputs_.empty() || closed_; };
  // At least once a second, so that the clock is checked and the watchdog sees that the loop runs.
  Millis wait{1000};
  if (until) wait = std::clamp(Millis(*until - drivers::boot_now()), Millis(0), wait);
  arrived_.wait_for(lock, wait, ready);
  if (inputs_.empty()) return std::nullopt;
  Input input = std::move(inputs_.front());
  inputs_.pop_front();
  return input;
}

void Mailbox::close() {
  const MutexLock lock(mutex_);
  closed_ = true;
  arrived_.notify_all();
}

bool Mailbox::closed() const {
  const MutexLock lock(mutex_);
  return closed_ && inputs_.empty();
}

std::uint64_t Mailbox::dropped() const {
  const MutexLock lock(mutex_);
  return dropped_;
}

void CoreThread::start(std::unique_ptr<Core> core) {
  INVARIANT(core && !core_, "the core's thread is given one core, once");
  core_ = std::move(core);
  thread_ = std::thread([this] { run(); });
}

void CoreThread::stop() {
  mailbox_.close();
  if (thread_.joinable()) thread_.join();
}

void CoreThread::post(Command command, Actor actor, Done done) {
  INVARIANT(done, "who posts a command hears what became of it");
  if (auto* release = std::get_if<ReleasePortal>(&command)) release->asked = drivers::boot_now();
  CommandInput input{std::move(command), std::move(actor), done};
  if (!mailbox_.post(std::move(input), false))
    done(fail(ErrorKind::unavailable, "the gateway is busy or stopping; try again"));
}

void CoreThread::run() {
  while (!mailbox_.closed()) {
    auto input = mailbox_.take(core_->next_deadline());
    if (input) core_->handle(std::move(*input));
    core_->tick();
    last_round_ = drivers::boot_now().time_since_epoch().count();
  }
  core_->close();
}

}  // namespace gapura::gateway
