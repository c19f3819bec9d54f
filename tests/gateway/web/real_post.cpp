// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/real_post.h"

#include <sodium.h>

#include <filesystem>
#include <stdexcept>

#include "gateway/settings/system_clock.h"
#include "gateway/store/site_store.h"

namespace gapura::test {
namespace {

SopStep step(const char* id, const char* activity, Evidence evidence, const char* event = "") {
  SopStep made;
  made.id = id;
  made.activity = activity;
  made.executor = "guard";
  made.symbol = "process";
  made.evidence = evidence;
  made.event = event;
  return made;
}

Sop small_sop() {
  Sop sop;
  sop.id = "SOP-01/UJI/2026#1";
  sop.number = "SOP-01/UJI/2026";
  sop.title = "Pelayanan Tamu";
  sop.unit = "Sekretariat";
  sop.revision = 1;
  sop.categories = {"general", "special"};
  sop.steps = {step("greet", "Menyapa tamu", Evidence::attested),
               step("badge", "Menyerahkan kartu", Evidence::system, "badge.issued"),
               step("screening", "Memeriksa tamu", Evidence::system, "checkpoint.disposed")};
  sop.gates = {{"residence", {"badge", "screening"}}};
  sop.rules = {{.type = "limit", .measure = "members_inside", .unless = "aide_permission", .max = 2}};
  return sop;
}

SiteConfig whole_site() {
  SiteConfig site = small_site();
  site.areas.push_back({AreaId("residence"), "Kediaman"});
  site.areas[1].limit = 20;
  site.portals[0].entry_release = "c.release";
  site.portals[0].entry_passage = "c.passage";
  site.points[0].reader = ReaderId("r-in");
  DetectorConfig detector;
  detector.id = DetectorId("wtmd1");
  detector.name = "Detektor";
  detector.alarm = "c.alarm";
  detector.passage = "c.walked";
  site.detectors = {detector};
  LockdownPlan plan;
  plan.id = "siaga";
  plan.name = "Siaga";
  plan.areas = {AreaId("residence")};
  plan.may_pass = {"staff"};
  plan.revert_after = std::chrono::minutes(30);
  site.lockdowns = {plan};
  site.hosts = {{"h1", "Tuan Rumah Contoh"}, {"h2", "Sekretariat", "Bagian Umum", true, false}};
  site.hours.rules = {{"general", {}}};  // general guests at no time, special ones at any
  site.sops = {small_sop()};
  return site;
}

}  // namespace

RealPost::RealPost() {
  if (sodium_init() < 0) throw std::runtime_error("sodium");
  folder = new_folder();
  settings.site_id = "uji";
  settings.site_name = "Pos Uji";
  settings.timezone = "Asia/Makassar";
  settings.http.port = 0;
  settings.site = whole_site();
  auto database = Database::open_writer(folder + "/gapura.db");
  if (!database) throw std::runtime_error(database.error().message);
  add_accounts([&](const std::string& sql) {
    if (auto done = database->execute(sql); !done) throw std::runtime_error(done.error().message);
  });
  auto keys = CheckpointKeys::open(folder, settings.site_id);
  if (!keys) throw std::runtime_error(keys.error().message);
  auto store = open_site_store({.database = std::move(*database), .boot_id = "boot", .checkpoint_keys = std::move(*keys)});
  if (!store) throw std::runtime_error(store.error().message);
  auto opened = Core::open({.site = settings.site,
                            .clock = *this,
                            .randomness = system_randomness(),
                            .store = std::move(*store),
                            .orders = *this,
                            .committed =
                                [this](std::uint64_t next) {
                                  if (WebServer* web = listener_) web->committed(next);
                                }},
                           "test");
  if (!opened) throw std::runtime_error(opened.error().message);
  core.start(std::move(*opened));
  auto pictures = PictureStore::open(folder, key_maker(core));
  core.call(AdoptRetention{default_retention()}, Actor{UserId("system"), Role::admin}).value();
  keeper = std::make_unique<PrivacyKeeper>(core, *pictures, folder);
  auto still = std::make_shared<Still>();
  const std::string jpeg = small_jpeg();
  still->jpeg.assign(jpeg.begin(), jpeg.end());
  camera.still = still;
  auto started = WebServer::start({settings,
                                   folder,
                                   core,
                                   *pictures,
                                   [this] { return core.view(); },
                                   [] {
                                     return std::vector<DeviceView>{{"c", "controller", false, {}, "off", "", 0, {}}};
                                   },
                                   [this](const CameraId&) -> drivers::Camera* { return &camera; },
                                   [this] { return now(); },
                                   [this] { keeper->wake(); },
                                   {.session_check = Millis(100)}});
  if (!started) throw std::runtime_error(started.error().message);
  server = std::move(*started);
  listener_ = server.get();
}

RealPost::~RealPost() {
  keeper.reset();
  core.stop();
  listener_ = nullptr;
  server.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace gapura::test
