// SPDX-License-Identifier: Apache-2.0
// Wires a site together: the core, its devices, the pictures and the web. serve() runs from start to stop.
#include "gateway/application/application.h"

#include <poll.h>
#include <sodium.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <future>
#include <map>
#include <vector>

#include "drivers/camera.h"
#include "drivers/door_controller.h"
#include "drivers/mutex.h"
#include "drivers/printer.h"
#include "drivers/scanner.h"
#include "gateway/application/device_board.h"
#include "gateway/contract/version.h"
#include "gateway/core/core_thread.h"
#include "gateway/journal/broken_marker.h"
#include "gateway/journal/database.h"
#include "gateway/journal/reserve.h"
#include "gateway/locale/words.h"
#include "gateway/media/evidence.h"
#include "gateway/media/picture_keeper.h"
#include "gateway/print/badge_print.h"
#include "gateway/privacy/keeper.h"
#include "gateway/settings/machine.h"
#include "gateway/settings/private_file.h"
#include "gateway/settings/system_clock.h"
#include "gateway/store/site_store.h"
#include "gateway/web/api/web_server.h"
#include "models/visit/credential.h"

namespace gapura::gateway {
namespace {

// Returns the picture that the entry gives to its visit; empty: none.
std::string portrait_of(const Entry& entry) {
  if (entry.type == EventType::visit_registered) return particulars_of<VisitRegistered>(entry).portrait;
  if (entry.type == EventType::portrait_set) return particulars_of<PortraitSet>(entry).portrait;
  return "";
}

// Signals are taken as reads from a descriptor, so that no code runs inside a handler.
int block_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

// libmodbus calls select() without checking FD_SETSIZE, so no descriptor may be 1024 or more.
void limit_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 1024);
  limit.rlim_max = limit.rlim_cur;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::optional<LastSeen> find_last_seen(const Database& db, const std::string& boot_id) {
  auto row = db.prepare("SELECT utc, boot, leaf FROM entry ORDER BY number DESC LIMIT 1");
  const auto found = row ? row->step() : Result<bool>(false);
  if (!found || !*found) return std::nullopt;
  LastSeen last{UtcTime(Millis(row->integer(0))), std::nullopt};
  if (row->blob(2).find("\"boot\":\"" + boot_id + "\"") != std::string::npos) last.boot = BootTime(Millis(row->integer(1)));
  return last;
}

class Site : public OrderSink {
 public:
  Site(const Settings& settings, std::string data_folder, MakeCamera make)
      : settings_(settings), data_folder_(std::move(data_folder)), make_camera_(std::move(make)) {}

  Status open() {
    const std::string& data_folder = data_folder_;
    auto pictures = TRY(PictureStore::open(data_folder, [this](const std::string& owner) { return make_key(owner); }));
    keeper_ = std::make_unique<PictureKeeper>(pictures, [this](PictureKept kept) { core_.picture_kept(std::move(kept)); });
    Reserve reserve(data_folder, settings_.reserve_bytes);
    const Status reserved = reserve.fill();
    const auto broken = find_broken_marker(data_folder, version);

    // Data that a failed disk did not write may still be in the page cache: read what is on the device.
    forget_cached_pages(data_folder + "/gapura.db");
    auto database = TRY(Database::open_writer(data_folder + "/gapura.db"));
    const Randomness randomness = system_randomness();
    const std::string boot_id = read_boot_id(randomness);
    clock_ = TRY(make_system_clock(settings_.timezone, find_last_seen(database, boot_id)));
    board_ = std::make_unique<DeviceBoard>(core_, *clock_);
    auto keys = TRY(CheckpointKeys::open(data_folder, settings_.site_id));
    auto store =
        TRY(open_site_store({.database = std::move(database), .boot_id = boot_id, .checkpoint_keys = std::move(keys)}));
    const auto committed = [this](std::uint64_t next) {
      const MutexLock lock(outlets_);
      if (web_) web_->committed(next);
    };
    auto core = TRY(Core::open({.site = settings_.site,
                                .clock = *clock_,
                                .randomness = randomness,
                                .store = std::move(store),
                                .orders = *this,
                                .committed = committed,
                                .why_not_granting = broken     ? sentence(*broken)
                                                    : reserved ? ""
                                                               : reserved.error().message,
                                .release_reserve = [reserve] { reserve.release(); },
                                .has_room = [reserve] { return reserve.has_room(); }},
                               version));
    core_.start(std::move(core));
    keeper_->seal_old_files();
    TRY(open_devices(data_folder));

    core_.post(AdoptRetention{settings_.retention}, Actor{UserId("system"), std::nullopt}, [](const Result<Reply>& done) {
      if (!done) spdlog::error("retention: {}", done.error().message);
    });
    privacy_ = std::make_unique<PrivacyKeeper>(core_, pictures, data_folder);

    auto web = TRY(WebServer::start({settings_, data_folder, core_, pictures, [this] { return core_.view(); },
                                     [this] { return board_->views(cameras_, buses_, scanners_, printers_, detectors()); },
                                     [this](const CameraId& id) { return find_camera(id); },
                                     [this] { return clock_->now(); }, [this] { privacy_->wake(); }}));
    const MutexLock lock(outlets_);
    web_ = std::move(web);
    return {};
  }

  int port() {
    const MutexLock lock(outlets_);
    return web_->port();
  }
  bool restarting() const { return restarting_; }
  bool alive() const { return drivers::boot_now() - core_.last_round() < Millis(5000); }

  // Screens first, then devices, so that no new input comes; the core last, so that all input is recorded.
  void close() {
    std::unique_ptr<WebServer> web;
    {
      const MutexLock lock(outlets_);
      closing_ = true;
      web = std::move(web_);
    }
    web.reset();
    privacy_.reset();
    keeper_.reset();
    cameras_.clear();
    scanners_.clear();
    printers_.clear();  // may take until its deadline: a badge half on paper is finished
    buses_.clear();
    core_.stop();
  }

  void pulse(std::uint64_t intent, const std::string& signal, Millis length, BootTime deadline) override {
    const std::string controller = signal.substr(0, signal.find('.'));
    const MutexLock lock(outlets_);
    const auto bus = bus_of_.find(controller);
    if (closing_ || bus == bus_of_.end()) {
      core_.pulse_done(
          {intent, PulseOutcome::refused, Level::unknown, "closing, or no such controller", drivers::boot_now()});
      return;
    }
    bus->second->pulse({intent, signal, length, deadline});
  }

  void keep_still(std::uint64_t entry, const KeepStillOut& order) override {
    const MutexLock lock(outlets_);
    if (closing_) return;
    keeper_->keep({entry, order.visit, order.badge, "", camera_of(order.reader), order.role, 0}, order.still);
  }

  void entry_committed(const Entry& entry) override {
    // From now on it is known whom the post had photographed.
    if (const std::string portrait = portrait_of(entry); !portrait.empty()) {
      const MutexLock lock(outlets_);
      if (!closing_) keeper_->set_owner(portrait, entry.visit);
    }
    const auto moment = moment_of(entry);
    if (!moment) return;
    const MutexLock lock(outlets_);
    if (closing_) return;
    for (const auto& camera : settings_.cameras) {
      drivers::Camera* device = watches(camera, settings_.site, entry.point) ? find_camera(camera.driver.id) : nullptr;
      if (!device) continue;
      const PictureKept about{entry.number, entry.visit, entry.badge, "", camera.driver.id.str(), "evidence", 0, 0};
      // A scan of its own reader has its still already.
      const bool evidence = std::find(camera.roles.begin(), camera.roles.end(), "evidence") != camera.roles.end();
      if (evidence && !camera.watches.empty()) keeper_->take(about, *device, settings_.picture_limit);
      if (std::find(camera.clips.begin(), camera.clips.end(), word(*moment)) != camera.clips.end())
        request_clip(*device, about, entry.at.boot);
    }
  }

  void take_still(std::uint64_t entry, const TakeStillOut& order) override {
    const MutexLock lock(outlets_);
    if (closing_) return;
    for (const auto& camera : settings_.cameras) {
      if (std::find(camera.roles.begin(), camera.roles.end(), order.role) == camera.roles.end()) continue;
      drivers::Camera* device = find_camera(camera.driver.id);
      if (device)
        keeper_->take({entry, order.visit, {}, "", camera.driver.id.str(), order.role, 0}, *device,
                      settings_.picture_limit);
    }
  }

  // The command to resume is committed. If a marker remains, the next start asks again.
  void restart() override {
    if (auto removed = remove_broken_marker(data_folder_); !removed) spdlog::error("{}", removed.error().message);
    restarting_ = true;
  }

  // Drawn on the printer's thread.
  void print(std::uint64_t entry, const PrintBadgeOut& order) override {
    const BadgePaper paper{settings_.site_name, badge_code(order.badge.str()),
                           order.token,         order.category,
                           settings_.language,  short_time(format_rfc3339(order.valid_until, order.offset))};
    drivers::PrintJob job{entry, order.badge.str(), [paper](int dots) { return badge_raster(paper, dots); },
                          [paper] { return badge_pdf(paper); }};
    const MutexLock lock(outlets_);
    for (auto printer = printers_.begin(); !closing_ && printer != printers_.end(); ++printer)
      if ((*printer)->settings().id == settings_.site.badge_printer) return (*printer)->print(std::move(job));
    core_.print_done({entry, order.badge.str(), drivers::PrintOutcome::refused, "closing", drivers::boot_now()});
  }

 private:
  // What a camera's view is recognised by is kept over a restart: a camera that was turned meanwhile is reported. Without
  // it, or with an unreadable one, the camera learns its present view.
  static drivers::CameraSettings with_view(drivers::CameraSettings camera, const std::string& folder) {
    const std::string file = folder + "/" + camera.id.str();
    if (const auto kept = read_small_file(file)) camera.view.assign(kept->begin(), kept->end());
    camera.keep_view = [file, id = camera.id.str()](const drivers::ViewBytes& view) {
      const Status done = write_file(file, {reinterpret_cast<const char*>(view.data()), view.size()}, 0600);
      if (!done) spdlog::warn("{}: its view is not kept over a restart: {}", id, done.error().message);
    };
    return camera;
  }

  void expect_devices() {
    using enum DeviceHealth::Kind;
    for (const auto& bus : settings_.buses)
      for (const auto& one : bus.controllers) board_->expect(one.id.str(), controller);
    for (const auto& one : settings_.cameras) board_->expect(one.driver.id.str(), camera);
    for (const auto& one : settings_.scanners) board_->expect(one.id.str(), scanner);
    for (const auto& one : settings_.printers) board_->expect(one.id, printer);
  }

  Status open_devices(const std::string& data_folder) {
    const std::string views = data_folder + "/views";
    TRY(make_private_folder(views));
    expect_devices();
    for (const auto& bus : settings_.buses) {
      auto opened = TRY(drivers::ControllerBus::create(bus, *board_));
      for (const auto& controller : bus.controllers) bus_of_[controller.id.str()] = opened.get();
      buses_.push_back(std::move(opened));
    }
    for (const auto& camera : settings_.cameras) {
      auto opened = TRY(make_camera_(with_view(camera.driver, views), *board_));
      cameras_.push_back(std::move(opened));
    }
    for (const auto& scanner : settings_.scanners) {
      auto opened = TRY(drivers::Scanner::create(scanner, *board_));
      scanners_.push_back(std::move(opened));
    }
    for (const auto& printer : settings_.printers) {
      auto opened = TRY(drivers::Printer::create(
          printer, *board_, [this](drivers::PrintReport report) { core_.print_done(std::move(report)); }));
      printers_.push_back(std::move(opened));
    }
    return {};
  }

  // For the keeper's and the web's threads. Waits with a limit, because a core that does not run does not answer.
  Status make_key(const std::string& owner) {
    const auto answer = std::make_shared<std::promise<Status>>();
    core_.post(MakeKey{owner}, Actor{UserId("system"), std::nullopt},
               [answer](const Result<Reply>& made) { answer->set_value(made ? Status{} : tl::unexpected(made.error())); });
    auto made = answer->get_future();
    if (made.wait_for(std::chrono::seconds(10)) != std::future_status::ready)
      return fail(ErrorKind::unavailable, "the core makes no key now");
    return made.get();
  }

  // An event while a clip is being made is added to that clip. Called with outlets_ held.
  void request_clip(drivers::Camera& camera, PictureKept about, BootTime at) REQUIRES(outlets_) {
    RunningClip& filming = running_clips_[about.camera];
    if (filming.entries && at <= filming.until - Millis(2000)) return filming.entries->push_back(std::move(about));
    filming = {at + clip_after, std::make_shared<std::vector<PictureKept>>(1, std::move(about))};
    camera.take_clip(at - clip_before, filming.until, [this, entries = filming.entries](Result<ClipPtr> clip) {
      const MutexLock lock(outlets_);
      RunningClip& last = running_clips_[entries->front().camera];
      if (last.entries == entries) last = {};
      if (!clip) return spdlog::warn("no clip for entry {}: {}", entries->front().entry, clip.error().message);
      if (!closing_) keeper_->keep_clip(std::move(*entries), std::move(*clip));
    });
  }

  std::vector<DetectorView> detectors() const {
    const SiteViewPtr view = core_.view();
    return view ? view->detectors : std::vector<DetectorView>{};
  }

  drivers::Camera* find_camera(const CameraId& id) const {
    for (const auto& camera : cameras_)
      if (camera->settings().id == id) return camera.get();
    return nullptr;
  }

  std::string camera_of(const std::string& reader) const {
    for (const auto& camera : settings_.cameras)
      if (camera.driver.reader.str() == reader) return camera.driver.id.str();
    return reader;
  }

  const Settings& settings_;
  const std::string data_folder_;
  const MakeCamera make_camera_;
  std::unique_ptr<Clock> clock_;
  CoreThread core_;
  std::unique_ptr<DeviceBoard> board_;
  std::unique_ptr<PictureKeeper> keeper_;
  std::unique_ptr<PrivacyKeeper> privacy_;
  // Filled before the first badge can be read, constant afterwards.
  std::vector<std::unique_ptr<drivers::ControllerBus>> buses_;
  std::map<std::string, drivers::ControllerBus*> bus_of_;
  std::vector<std::unique_ptr<drivers::Camera>> cameras_;
  std::vector<std::unique_ptr<drivers::Scanner>> scanners_;
  std::vector<std::unique_ptr<drivers::Printer>> printers_;
  // Objects that the core's thread uses after a commit. Held during that use, and while close() removes them.
  Mutex outlets_;
  bool closing_ GUARDED_BY(outlets_) = false;
  std::atomic<bool> restarting_{false};
  struct RunningClip {
    BootTime until;
    std::shared_ptr<std::vector<PictureKept>> entries;  // null: no clip so far
  };
  std::map<std::string, RunningClip> running_clips_ GUARDED_BY(outlets_);  // by camera
  std::unique_ptr<WebServer> web_ GUARDED_BY(outlets_);
};

// Executes the same program with the same arguments in the same process, so a supervisor does not see a crash. Returns only
// when that fails.
void restart_in_place() {
  std::string words;
  if (std::FILE* file = std::fopen("/proc/self/cmdline", "rbe")) {
    char buffer[4096];
    for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, file)) > 0;) words.append(buffer, got);
    std::fclose(file);
  }
  words += '\0';
  std::vector<char*> arguments;
  for (std::size_t at = 0; at + 1 < words.size(); at = words.find('\0', at) + 1) arguments.push_back(&words[at]);
  arguments.push_back(nullptr);
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);  // of any library: no descriptor is inherited
  execv("/proc/self/exe", arguments.data());
  spdlog::error("cannot start anew: {}", std::strerror(errno));
}

}  // namespace

Result<std::unique_ptr<drivers::Camera>> make_camera(drivers::CameraSettings settings, drivers::DeviceSink& sink) {
  return drivers::Camera::create(std::move(settings), sink, "/proc/self/exe");
}

int serve(const Settings& settings, const std::string& data_folder, const MakeCamera& make) {
  if (sodium_init() < 0) return 1;
  limit_descriptors();
  const int signals = block_signals();
  auto lock = lock_data_folder(data_folder);
  if (!lock) {
    spdlog::error("{}", lock.error().message);
    return lock.error().kind == ErrorKind::unavailable ? 4 : 1;
  }
  install_broken_marker(data_folder, version);
  if (const auto broken = find_broken_marker(data_folder, version); broken && broken->times >= most_broken) {
    spdlog::error("not started, for it broke {} times: {}; gapura doctor says what to do", broken->times, broken->last);
    return 1;
  }
  Site site(settings, data_folder, make);
  if (auto opened = site.open(); !opened) {
    spdlog::error("{}", opened.error().message);
    site.close();
    return 1;
  }
  spdlog::info("{} is open at https://{}:{}/", settings.site_name, settings.http.listen, site.port());
  sd_notify(0, "READY=1");
  // Pinged only while the core's loop runs: systemd restarts a stuck core.
  bool restart_seen = false;
  for (;;) {
    pollfd wait{signals, POLLIN, 0};
    if (poll(&wait, 1, 500) > 0) break;
    if (site.alive()) sd_notify(0, "WATCHDOG=1");
    // At the second check: the request may have come just before the first, and the reply to it still has to be sent.
    if (site.restarting() && std::exchange(restart_seen, true)) break;
  }
  const bool again = site.restarting();
  sd_notify(0, again ? "RELOADING=1" : "STOPPING=1");
  spdlog::info(again ? "starting anew" : "closing");
  site.close();
  ::close(signals);
  ::close(*lock);
  if (!again) return 0;
  restart_in_place();
  return 1;
}

}  // namespace gapura::gateway
