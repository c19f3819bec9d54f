// SPDX-License-Identifier: Apache-2.0
// A post for the web's tests: a data folder with a real database, a minimal core, and the real server.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "gateway/journal/database.h"
#include "gateway/web/api/web_server.h"

namespace gapura::test {

using namespace gapura::gateway;

// A turnstile into the waiting room, with a reader.
SiteConfig small_site();

// Keeps CorePort's contract: completions on its own thread, after the commit. It has no rules of its own, and accepts every
// command on something that exists.
class FakeCore : public CorePort {
 public:
  explicit FakeCore(const std::string& database);
  ~FakeCore() override;
  void post(Command command, Actor actor, Done done) override;

  void listen(CommitListener* listener);  // null: none; returns when the old one is not in use any more
  void hold();                            // no replies until go_on()
  void go_on();
  int commands() const;  // taken so far, without the web's own records of refusals
  Actor last_actor() const;
  std::uint64_t append(const std::string& type, const std::string& data = "{}", const std::string& visit = "",
                       const std::string& actor = "system");
  void run_sql(const std::string& sql);
  std::string one_text(const std::string& sql);  // the first column of the first row

 private:
  struct Order {
    Command command;
    Actor actor;
    Done done;
  };
  void run();
  std::uint64_t write_entry(const std::string& type, const std::string& data, const std::string& visit,
                            const std::string& badge, const std::string& actor);
  Result<Reply> act(const RegisterVisit& it, const Actor& actor);
  Result<Reply> act(const MakeKey& it, const Actor& actor);
  Result<Reply> act(const AskAide& it, const Actor& actor);
  Result<Reply> act(const DecideVisit& it, const Actor& actor);
  Result<Reply> act(const SetPortrait& it, const Actor& actor);
  Result<Reply> act(const IssueBadge& it, const Actor& actor);
  Result<Reply> act(const RevokeBadge& it, const Actor& actor);
  Result<Reply> act(const ReturnBadge& it, const Actor& actor);
  Result<Reply> act(const RecordScreening& it, const Actor& actor);
  Result<Reply> act(const CloseVisit& it, const Actor& actor);
  Result<Reply> act(const ReleasePortal& it, const Actor& actor);
  Result<Reply> act(const AcknowledgeAlarm& it, const Actor& actor);
  Result<Reply> act(const AddUser& it, const Actor& actor);
  Result<Reply> act(const DisableUser& it, const Actor& actor);
  Result<Reply> act(const SetPassword& it, const Actor& actor);
  Result<Reply> act(const OpenSession& it, const Actor& actor);
  Result<Reply> act(const TouchSession& it, const Actor& actor);
  Result<Reply> act(const CloseSession& it, const Actor& actor);
  Result<Reply> act(const SignCheckpoint& it, const Actor& actor);
  template <class Other>
  Result<Reply> act(const Other&, const Actor&) {
    return Reply{};
  }
  bool exists(const std::string& table, const std::string& id);

  Database db_;
  std::recursive_mutex database_mutex_;
  std::uint64_t next_ = 0;
  std::uint64_t made_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable change_;
  std::deque<Order> orders_;
  bool held_ = false, ending_ = false;
  int commands_ = 0;
  Actor last_actor_;
  CommitListener* listener_ = nullptr;
  std::mutex listener_mutex_;
  std::thread thread_;
};

class FakeCamera : public drivers::Camera {
 public:
  const drivers::CameraSettings& settings() const override { return settings_; }
  drivers::CameraStats stats() const override { return {}; }
  StillPtr latest(Millis) override { return still; }
  Result<StillPtr> take_still(Millis) override {
    if (!still) return fail(ErrorKind::unavailable, "no picture");
    return still;
  }
  int child_pid() const override { return 0; }
  std::uint64_t add_listener(drivers::PictureListener listener) override {
    const std::lock_guard lock(mutex_);
    listeners_.emplace(++last_, std::move(listener));
    return last_;
  }
  void remove_listener(std::uint64_t id) override {
    const std::lock_guard lock(mutex_);
    listeners_.erase(id);
  }
  void take_clip(BootTime, BootTime, drivers::ClipDone done) override { done(fail(ErrorKind::unavailable, "no clip")); }
  void accept_view() override { ++views_accepted; }
  std::size_t listeners() {
    const std::lock_guard lock(mutex_);
    return listeners_.size();
  }
  // As the camera's own thread does.
  void picture(const StillPtr& made) {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, listener] : listeners_) listener(made);
  }
  StillPtr still;
  std::atomic<int> views_accepted{0};

 private:
  drivers::CameraSettings settings_;
  std::mutex mutex_;
  std::map<std::uint64_t, drivers::PictureListener> listeners_;
  std::uint64_t last_ = 0;
};

extern const std::string good_password;
std::string small_jpeg();  // 64 × 48 pixels by its header

// A served folder: what a client needs.
struct Served {
  std::string url(const std::string& path) const { return "https://localhost:" + std::to_string(port()) + path; }
  int port() const { return server->port(); }
  std::string socket() const { return folder + "/gapura.sock"; }
  std::string folder;
  std::unique_ptr<WebServer> server;
};
// Returns the time of the tests' clock shifted by so much, in WITA. The clock begins at nine in the morning of today.
Now shifted_now(Millis by);
// An empty folder with a certificate; the caller removes it.
std::string new_folder();
KeyMaker key_maker(CorePort& core);  // of its pictures' owners
void add_accounts(const std::function<void(const std::string& sql)>& run);

// Accounts sari (guard), budi (aide) and wayan (admin), all with good_password, unless `empty`.
class Post : public Served {
 public:
  explicit Post(bool empty = false, std::function<void(Settings&)> change = {}, WebPace pace = {});
  ~Post();

  // Moves the time that the server sees.
  void later(Millis by);

  Settings settings;
  std::unique_ptr<FakeCore> core;
  FakeCamera camera;
  std::shared_ptr<SiteView> view;

 private:
  std::atomic<std::int64_t> shift_{0};
};

}  // namespace gapura::test
