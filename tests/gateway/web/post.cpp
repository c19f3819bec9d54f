// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/post.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "gateway/vault/vault.h"
#include "gateway/web/http/passwords.h"

namespace gapura::test {

const std::string good_password = "tiga kerbau minum teh";

namespace {

// Of a clock that showed nine in the morning in Makassar when it was first asked, so that no test meets a midnight that it
// did not ask for.
std::int64_t clock_ms() {
  const auto now = [] { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); };
  static const Millis moved = [&] {
    const auto local = now() + std::chrono::hours(8);
    return std::chrono::floor<std::chrono::days>(local) + std::chrono::hours(9) - local;
  }();
  return (now() + moved).time_since_epoch().count();
}

void demand(bool good, const std::string& what) {
  if (!good) throw std::runtime_error(what);
}

void write_certificate(const std::string& folder) {
  std::filesystem::create_directories(folder + "/tls");
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  X509_sign(certificate, key, EVP_sha256());
  FILE* out = std::fopen((folder + "/tls/cert.pem").c_str(), "w");
  PEM_write_X509(out, certificate);
  std::fclose(out);
  out = std::fopen((folder + "/tls/key.pem").c_str(), "w");
  PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(out);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

}  // namespace

SiteConfig small_site() {
  SiteConfig site;
  site.areas = {{AreaId("outside"), "Luar"}, {AreaId("waiting_room"), "Ruang tunggu"}};
  PortalConfig gate;
  gate.id = PortalId("gate");
  gate.name = "Gerbang putar";
  gate.kind = PortalKind::turnstile;
  site.portals = {gate};
  AccessPointConfig in;
  in.id = AccessPointId("gate.in");
  in.portal = gate.id;
  in.from = AreaId("outside");
  in.to = AreaId("waiting_room");
  in.reader = ReaderId("r-gate-in");
  site.points = {in};
  return site;
}

namespace {
Reply replied(std::uint64_t entry, std::string id, std::string token) {
  Reply reply;
  reply.entry = entry;
  reply.id = std::move(id);
  reply.token = std::move(token);
  return reply;
}
}  // namespace

std::string small_jpeg() {
  std::string jpeg = "\xff\xd8";
  jpeg += std::string("\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0", 18);
  jpeg += std::string("\xff\xdb\x00\x43\x00", 5) + std::string(64, '\x10');
  jpeg += std::string("\xff\xc4\x00\x14\x00\x01", 6) + std::string(16, '\0');
  jpeg += std::string("\xff\xc0\x00\x0b\x08\x00\x30\x00\x40\x01\x01\x11\x00", 13);
  jpeg += std::string("\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00", 11);
  return jpeg + std::string(12, '\x55') + "\xff\xd9";
}

KeyMaker key_maker(CorePort& core) {
  return [&core](const std::string& owner) -> Status {
    TRY(core.call(MakeKey{owner}, Actor{UserId("system"), std::nullopt}));
    return {};
  };
}

FakeCore::FakeCore(const std::string& database)
    : db_([&] {
        auto db = Database::open_writer(database);
        if (!db) throw std::runtime_error(db.error().message);
        return std::move(*db);
      }()) {
  thread_ = std::thread([this] { run(); });
}

FakeCore::~FakeCore() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    change_.notify_all();
  }
  thread_.join();
}

void FakeCore::post(Command command, Actor actor, Done done) {
  const std::lock_guard lock(mutex_);
  if (!std::holds_alternative<NoteRefusal>(command)) {
    ++commands_;
    last_actor_ = actor;
  }
  orders_.push_back({std::move(command), std::move(actor), std::move(done)});
  change_.notify_all();
}

void FakeCore::run() {
  for (;;) {
    Order order;
    {
      std::unique_lock lock(mutex_);
      change_.wait(lock, [&] { return ending_ || (!held_ && !orders_.empty()); });
      if (ending_) return;
      order = std::move(orders_.front());
      orders_.pop_front();
    }
    Result<Reply> reply;
    {
      const std::lock_guard lock(database_mutex_);
      run_sql("BEGIN IMMEDIATE");
      reply = std::visit([&](const auto& it) { return act(it, order.actor); }, order.command);
      run_sql("COMMIT");
    }
    order.done(reply);
    const std::lock_guard lock(listener_mutex_);
    if (listener_) listener_->committed(next_);
  }
}

void FakeCore::listen(CommitListener* listener) {
  const std::lock_guard lock(listener_mutex_);
  listener_ = listener;
}
void FakeCore::hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}
void FakeCore::go_on() {
  const std::lock_guard lock(mutex_);
  held_ = false;
  change_.notify_all();
}
int FakeCore::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}
Actor FakeCore::last_actor() const {
  const std::lock_guard lock(mutex_);
  return last_actor_;
}

void FakeCore::run_sql(const std::string& sql) {
  const std::lock_guard lock(database_mutex_);
  auto done = db_.execute(sql);
  demand(done.has_value(), done ? "" : done.error().message + "\n" + sql);
}

std::string FakeCore::one_text(const std::string& sql) {
  const std::lock_guard lock(database_mutex_);
  auto row = db_.prepare(sql);
  demand(row.has_value(), "prepare " + sql);
  auto found = row->step();
  return found && *found ? row->text(0) : std::string();
}

bool FakeCore::exists(const std::string& table, const std::string& id) {
  return !one_text("SELECT id FROM " + table + " WHERE id = '" + id + "'").empty();
}

std::uint64_t FakeCore::write_entry(const std::string& type, const std::string& data, const std::string& visit,
                                    const std::string& badge, const std::string& actor) {
  auto row = db_.prepare(
      "INSERT INTO entry (number, utc, boot, type, point, actor, visit, badge, ref, leaf) "
      "VALUES (?1, ?2, 1, ?3, NULL, ?4, ?5, ?6, NULL, ?7)");
  demand(row.has_value(), "prepare entry");
  const auto number = static_cast<std::int64_t>(next_);
  row->bind(1, number).bind(2, clock_ms()).bind(3, type).bind(4, actor);
  visit.empty() ? row->bind_null(5) : row->bind(5, visit);
  badge.empty() ? row->bind_null(6) : row->bind(6, badge);
  row->bind_blob(7, "{\"v\":1,\"i\":" + std::to_string(number) + ",\"typ\":\"" + type + "\",\"d\":" + data + "}\n");
  auto done = row->run();
  demand(done.has_value(), done ? "" : done.error().message);
  return next_++;
}

std::uint64_t FakeCore::append(const std::string& type, const std::string& data, const std::string& visit,
                               const std::string& actor) {
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(database_mutex_);
    number = write_entry(type, data, visit, "", actor);
  }
  const std::lock_guard lock(listener_mutex_);
  if (listener_) listener_->committed(number + 1);
  return number;
}

Result<Reply> FakeCore::act(const RegisterVisit& it, const Actor& actor) {
  const std::string id = "v" + std::to_string(++made_), now = std::to_string(clock_ms());
  auto guest = db_.prepare(
      "INSERT INTO guest (id, full_name, phone, institution, made_utc, phone_index) VALUES (?1, seal(?1, "
      "'guest.full_name', "
      "?1, ?2), seal(?1, 'guest.phone', ?1, ?3), seal(?1, 'guest.institution', ?1, ?4), " +
      now + ", blind_index('phone', ?3))");
  guest->bind(1, "g" + id).bind(2, it.name).bind(3, it.phone).bind(4, it.institution);
  demand(guest->run().has_value(), "guest");
  auto visit = db_.prepare(
      "INSERT INTO visit (id, guest, category, purpose, whom, form_salt, state, approval, screening, presence, portrait, "
      "arrived_utc, last_entry) VALUES (?1, ?2, ?3, seal(?2, 'visit.purpose', ?1, ?4), seal(?2, 'visit.whom', ?1, ?5), "
      "seal_salt(?2, zeroblob(16)), 'registered', 'none', 'pending', 'at_post', ?6, " +
      now + ", 0)");
  visit->bind(1, id).bind(2, "g" + id).bind(3, it.category).bind(4, it.purpose).bind(5, it.whom).bind(6, it.portrait);
  demand(visit->run().has_value(), "visit");
  return replied(write_entry("visit_registered", "{}", id, "", actor.user.str()), id, "");
}
Result<Reply> FakeCore::act(const MakeKey& it, const Actor&) {
  demand(db_.vault().find_or_make_key(it.owner).has_value(), "key");
  return Reply{};
}
Result<Reply> FakeCore::act(const AskAide& it, const Actor& actor) {
  if (!exists("visit", it.visit.str())) return fail(ErrorKind::not_found, "There is no such visit.");
  run_sql("UPDATE visit SET approval = 'sent', approval_version = approval_version + 1, state = 'waiting' WHERE id = '" +
          it.visit.str() + "'");
  return replied(write_entry("approval_asked", "{}", it.visit.str(), "", actor.user.str()), it.visit.str(), "");
}
Result<Reply> FakeCore::act(const DecideVisit& it, const Actor& actor) {
  const std::string id = it.visit.str();
  if (!exists("visit", id)) return fail(ErrorKind::not_found, "There is no such visit.");
  if (one_text("SELECT approval_version FROM visit WHERE id = '" + id + "'") != std::to_string(it.version))
    return fail(ErrorKind::conflict, "Somebody else decided first.");
  run_sql("UPDATE visit SET approval = 'accepted', approval_version = approval_version + 1 WHERE id = '" + id + "'");
  return replied(write_entry("approval_decided", "{}", id, "", actor.user.str()), id, "");
}
Result<Reply> FakeCore::act(const SetPortrait& it, const Actor&) {
  if (!exists("visit", it.visit.str())) return fail(ErrorKind::not_found, "There is no such visit.");
  run_sql("UPDATE visit SET portrait = '" + it.portrait + "' WHERE id = '" + it.visit.str() + "'");
  return replied(0, it.visit.str(), "");
}
Result<Reply> FakeCore::act(const IssueBadge& it, const Actor& actor) {
  if (!exists("visit", it.visit.str())) return fail(ErrorKind::not_found, "There is no such visit.");
  const std::string id = "b" + std::to_string(++made_), now = std::to_string(clock_ms());
  run_sql("INSERT INTO badge (id, token_hash, state, visit, issued_utc, valid_until_utc, last_entry) VALUES ('" + id +
          "', randomblob(32), 'issued', '" + it.visit.str() + "', " + now + ", " + now + " + 3600000, 0)");
  run_sql("UPDATE visit SET badge = '" + id + "' WHERE id = '" + it.visit.str() + "'");
  return replied(write_entry("badge_issued", "{}", it.visit.str(), id, actor.user.str()), id,
                 "G1:7WE QE0GH5A41B4D.I5*C*E61");
}
Result<Reply> FakeCore::act(const RevokeBadge& it, const Actor& actor) {
  if (!exists("badge", it.badge.str())) return fail(ErrorKind::not_found, "There is no such badge.");
  run_sql("UPDATE badge SET state = 'revoked', ended_utc = 1 WHERE id = '" + it.badge.str() + "'");
  return replied(write_entry("badge_revoked", "{}", "", it.badge.str(), actor.user.str()), it.badge.str(), "");
}
Result<Reply> FakeCore::act(const ReturnBadge& it, const Actor& actor) {
  if (!exists("badge", it.badge.str())) return fail(ErrorKind::not_found, "There is no such badge.");
  run_sql("UPDATE badge SET state = 'returned', ended_utc = 1 WHERE id = '" + it.badge.str() + "'");
  return replied(write_entry("badge_returned", "{}", "", it.badge.str(), actor.user.str()), it.badge.str(), "");
}
Result<Reply> FakeCore::act(const RecordScreening& it, const Actor& actor) {
  if (!exists("visit", it.visit.str())) return fail(ErrorKind::not_found, "There is no such visit.");
  run_sql(std::string("UPDATE visit SET screening = '") + word(it.result) + "' WHERE id = '" + it.visit.str() + "'");
  return replied(write_entry("screening_recorded", "{}", it.visit.str(), "", actor.user.str()), it.visit.str(), "");
}
Result<Reply> FakeCore::act(const CloseVisit& it, const Actor& actor) {
  if (!exists("visit", it.visit.str())) return fail(ErrorKind::not_found, "There is no such visit.");
  run_sql(std::string("UPDATE visit SET state = '") + word(it.outcome) + "', closed_utc = 1 WHERE id = '" + it.visit.str() +
          "'");
  return replied(write_entry("visit_closed", "{}", it.visit.str(), "", actor.user.str()), it.visit.str(), "");
}
Result<Reply> FakeCore::act(const ReleasePortal& it, const Actor& actor) {
  if (it.point.str() != "gate.in") return fail(ErrorKind::not_found, "There is no such access point.");
  return replied(write_entry("access_granted", "{\"by\":\"guard\"}", "", "", actor.user.str()), "", "");
}
Result<Reply> FakeCore::act(const AcknowledgeAlarm& it, const Actor& actor) {
  if (one_text("SELECT number FROM alarm WHERE number = " + std::to_string(it.alarm)).empty())
    return fail(ErrorKind::not_found, "There is no such alarm.");
  run_sql("UPDATE alarm SET acknowledged_by = '" + actor.user.str() + "', handling = '" + word(it.handling) +
          "' WHERE number = " + std::to_string(it.alarm));
  return replied(write_entry("alarm_acknowledged", "{}", "", "", actor.user.str()), "", "");
}
Result<Reply> FakeCore::act(const AddUser& it, const Actor& actor) {
  if (it.first && !one_text("SELECT 1 FROM user WHERE role = 'admin'").empty())
    return fail(ErrorKind::conflict, "There is an admin already.");
  const std::string id = "u" + std::to_string(++made_);
  auto row = db_.prepare("INSERT INTO user (id, name, role, password_hash, made_utc) VALUES (?1, ?2, ?3, ?4, 0)");
  row->bind(1, id).bind(2, it.name).bind(3, word(it.role)).bind(4, it.password_hash);
  if (auto done = row->run(); !done) return fail(ErrorKind::conflict, "There is an account of this name already.");
  return replied(write_entry("user_added", "{}", "", "", actor.user.str()), id, "");
}
Result<Reply> FakeCore::act(const DisableUser& it, const Actor& actor) {
  if (!exists("user", it.user.str())) return fail(ErrorKind::not_found, "There is no such account.");
  run_sql("UPDATE user SET disabled = 1 WHERE id = '" + it.user.str() + "'; DELETE FROM session WHERE user = '" +
          it.user.str() + "'");
  return replied(write_entry("user_disabled", "{}", "", "", actor.user.str()), it.user.str(), "");
}
Result<Reply> FakeCore::act(const SetPassword& it, const Actor& actor) {
  auto row = db_.prepare("UPDATE user SET password_hash = ?2 WHERE id = ?1");
  row->bind(1, it.user.str()).bind(2, it.password_hash);
  demand(row->run().has_value(), "password");
  run_sql("DELETE FROM session WHERE user = '" + it.user.str() + "'");
  return replied(write_entry("user_password_set", "{}", "", "", actor.user.str()), it.user.str(), "");
}
Result<Reply> FakeCore::act(const OpenSession& it, const Actor& actor) {
  auto row = db_.prepare(
      "INSERT INTO session (hash, user, name, is_api_token, idle_until_utc, absolute_until_utc) VALUES (?1, ?2, ?3, ?4, "
      "?5, ?6)");
  row->bind(1, it.hash).bind(2, it.user.str()).bind(3, it.name).bind(4, std::int64_t{it.is_api_token});
  row->bind(5, it.idle_until.time_since_epoch().count()).bind(6, it.absolute_until.time_since_epoch().count());
  demand(row->run().has_value(), "session");
  return replied(write_entry("session_opened", "{}", "", "", actor.user.str()), it.user.str(), "");
}
Result<Reply> FakeCore::act(const TouchSession& it, const Actor&) {
  run_sql("UPDATE session SET idle_until_utc = " + std::to_string(it.idle_until.time_since_epoch().count()) +
          " WHERE hash = '" + it.hash + "'");
  return Reply{};
}
Result<Reply> FakeCore::act(const SignCheckpoint&, const Actor&) { return Reply{}; }

Result<Reply> FakeCore::act(const CloseSession& it, const Actor&) {
  run_sql("DELETE FROM session WHERE hash = '" + it.hash + "'");
  return Reply{};
}

Now shifted_now(Millis by) {
  const auto boot = std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
  Now now;
  now.utc = UtcTime(Millis(clock_ms()) + by);
  now.boot = BootTime(boot + by);
  now.offset = std::chrono::minutes(480);
  return now;
}

std::string new_folder() {
  char name[] = "/tmp/gapura-web-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  write_certificate(folder);
  return folder;
}

// Of good_password, at libsodium's least cost: what a sign-in costs is in the stored hash, and these accounts sign in
// hundreds of times.
std::string quick_hash() {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  demand(crypto_pwhash_str(out.data(), good_password.data(), good_password.size(), crypto_pwhash_OPSLIMIT_MIN,
                           crypto_pwhash_MEMLIMIT_MIN) == 0,
         "crypto_pwhash");
  return out.data();
}

void add_accounts(const std::function<void(const std::string& sql)>& run) {
  static const std::string hash = quick_hash();
  for (const auto& [user, role] : {std::pair{"sari", "guard"}, {"made", "guard"}, {"budi", "aide"}, {"wayan", "admin"}})
    run("INSERT INTO user VALUES ('u-" + std::string(user) + "', '" + user + "', '" + role + "', '" + hash + "', 0, 0)");
}

Post::Post(bool empty, std::function<void(Settings&)> change, WebPace pace) {
  demand(sodium_init() >= 0, "sodium");
  folder = new_folder();
  settings.site_id = "uji";
  settings.site_name = "Pos <Uji>";
  settings.timezone = "Asia/Makassar";
  settings.http.port = 0;
  settings.http.names = {"pos.example"};
  settings.site = small_site();
  CameraEntry gate_camera;
  gate_camera.driver.id = CameraId("cam-gate");
  gate_camera.driver.reader = ReaderId("r-gate-in");
  settings.cameras.push_back(gate_camera);
  if (change) change(settings);
  core = std::make_unique<FakeCore>(folder + "/gapura.db");
  if (!empty) add_accounts([this](const std::string& sql) { core->run_sql(sql); });
  view = std::make_shared<SiteView>();
  view->granting = true;
  auto still = std::make_shared<Still>();
  const std::string jpeg = small_jpeg();
  still->jpeg.assign(jpeg.begin(), jpeg.end());
  camera.still = still;
  auto pictures = PictureStore::open(folder, key_maker(*core));
  demand(pictures.has_value(), "pictures");
  WebContext context{settings,
                     folder,
                     *core,
                     *pictures,
                     [this] { return view; },
                     [] {
                       return std::vector<DeviceView>{{"cam-gate", "camera", true, {}, "fine", "", 0, {{"fps", 25.0}}}};
                     },
                     [this](const CameraId& id) -> drivers::Camera* { return id.str() == "cam-gate" ? &camera : nullptr; },
                     [this] { return shifted_now(Millis(shift_.load())); }};
  context.pace = pace;
  auto started = WebServer::start(std::move(context));
  if (!started) throw std::runtime_error(started.error().message);
  server = std::move(*started);
  core->listen(server.get());
}

Post::~Post() {
  core->listen(nullptr);
  core->go_on();
  server.reset();
  core.reset();
  std::filesystem::remove_all(folder);
}

void Post::later(Millis by) { shift_ += by.count(); }

}  // namespace gapura::test
