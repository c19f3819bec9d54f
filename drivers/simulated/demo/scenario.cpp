// SPDX-License-Identifier: Apache-2.0
#include "simulated/demo/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <optional>

#include "drivers/mutex.h"
#include "simulated/demo/api_client.h"
#include "simulated/demo/credentials.h"

namespace gapura::simulated {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

Millis millis(double seconds) { return Millis(static_cast<std::int64_t>(seconds * 1000)); }

// Returns a field's text; empty when it is absent or null.
std::string field(const json::value& value, const char* key) {
  const auto* object = value.if_object();
  const json::value* found = object ? object->if_contains(key) : nullptr;
  if (!found || found->is_null()) return {};
  return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

const json::value* part(const json::value& value, const char* key) {
  const auto* object = value.if_object();
  const json::value* found = object ? object->if_contains(key) : nullptr;
  return found && !found->is_null() ? found : nullptr;
}

std::int64_t number(const json::value& value, const char* key) {
  const json::value* found = part(value, key);
  json::error_code error;
  return found ? found->to_number<std::int64_t>(error) : 0;
}

bool lists(const json::value* array, const std::string& text) {
  if (!array || !array->is_array()) return false;
  return std::any_of(array->get_array().begin(), array->get_array().end(),
                     [&](const json::value& one) { return one.is_string() && one.get_string() == text; });
}

// A guest at the post, as far as the scenario knows.
struct Guest {
  std::string name, visit, badge, token;
};

// A person in front of a turnstile or door, who walks as soon as it is released.
struct Walker {
  std::stop_source give_up;
  std::future<bool> passed;
  ~Walker() { give_up.request_stop(); }
};

class Player {
 public:
  Player(Post& post, const PlayerSettings& settings, const std::map<std::string, Account>& accounts, std::stop_token stop)
      : post_(post), settings_(settings), stop_(std::move(stop)) {
    for (const auto& [role, account] : accounts) {
      people_.emplace(role, std::make_unique<ApiClient>(settings.api, settings.ca_file, account));
    }
  }

  // Waits until the daemon answers, may grant and sees its devices. With `once` that has 60 s; a demonstration waits
  // without limit. Asks once a second: a wrong password must not be tried so often that the daemon locks the account.
  Status wait_until_ready() {
    for (int second = 0; !stop_.stop_requested(); ++second) {
      const std::string why = why_not_ready();
      if (why.empty()) return {};
      if (settings_.once && second >= 60) return fail(ErrorKind::unavailable, "the site isn't ready after 60 s: " + why);
      if (second % 30 == 10) print_line("Menunggu gateway: " + why);
      pause(Millis(1000));
    }
    return {};
  }

  Status play(const Episode& episode) {
    guests_.clear();
    walker_.reset();
    print_line("— " + episode.title);
    for (const Step& step : episode.steps) {
      if (stop_.stop_requested()) return {};
      if (auto done = perform(step); !done) {
        return fail(done.error().kind, fmt::format("line {} ({}): {}", step.line, step.act, done.error().message));
      }
    }
    return {};
  }

  // After a failure no guest is left at the post: visits that can be closed are closed, and the others are left to the
  // guard.
  void clear_away() {
    walker_.reset();
    for (RtspCamera* camera : post_.cameras->cameras()) camera->clear();
    for (const auto& [key, guest] : guests_) {
      if (guest.visit.empty()) continue;
      if (!guest.badge.empty()) (void)guard().post("/api/v1/badges/" + guest.badge + "/return", json::object());
      (void)guard().post("/api/v1/visits/" + guest.visit + "/close",
                         {{"outcome", "turned_away"}, {"reason", "skenario berhenti"}});
    }
  }

  void pause(Millis length) {
    poll_until(length, [] { return false; });
  }

 private:
  using Act = Status (Player::*)(const Step&);

  // Returns the reason; empty when ready.
  std::string why_not_ready() {
    const auto status = guard().get("/api/v1/status");
    if (!status) return status.error().message;
    const json::value* granting = part(*status, "granting");
    if (!granting || *granting != true) return "not granting: " + field(*status, "why_not");
    const json::value* devices = part(*status, "devices");
    if (!devices || !devices->is_array()) return "no devices are told";
    for (const auto& device : devices->get_array()) {
      const json::value* online = part(device, "online");
      if (!online || *online != true) return field(device, "id") + " is offline: " + field(device, "detail");
    }
    return {};
  }

  Status perform(const Step& step) {
    static const std::map<std::string, Act> acts{
        {"register", &Player::enrol},
        {"portrait", &Player::portrait},
        {"attest", &Player::attest},
        {"ask", &Player::ask},
        {"decide", &Player::decide},
        {"badge", &Player::badge},
        {"screening", &Player::screening},
        {"revoke", &Player::revoke},
        {"return", &Player::give_back},
        {"close", &Player::close},
        {"show", &Player::show},
        {"clear", &Player::clear},
        {"people", &Player::people},
        {"detector", &Player::detector},
        {"rex", &Player::rex},
        {"walk", &Player::walk},
        {"walked", &Player::walked},
        {"misbehave", &Player::misbehave},
        {"expect", &Player::expect},
        {"visit", &Player::visit_is},
        {"coil", &Player::coil_is},
        {"pause", &Player::rest},
    };
    if (step.has("say")) print_line(step.text("say"));
    return (this->*acts.at(step.act))(step);
  }

  // --- people at their screens ---

  Status enrol(const Step& step) {
    Guest& guest = guests_[step.text("guest")];
    guest.name = step.text("name");
    print_line(fmt::format("{} mendaftar: {}, menemui {}", guest.name, step.text("purpose"), step.text("whom")));
    json::object body{{"name", guest.name},
                      {"purpose", step.text("purpose")},
                      {"whom", step.text("whom")},
                      {"category", step.text("category", "general")}};
    for (const char* key : {"phone", "institution"}) {
      if (step.has(key)) body[key] = step.text(key);
    }
    const auto visit = TRY(guard().post("/api/v1/visits", body));
    guest.visit = field(visit, "id");
    return {};
  }

  Status portrait(const Step& step) {
    const Guest& guest = guest_of(step);
    const auto picture =
        TRY(guard().post_jpeg("/api/v1/pictures", sample_portrait(static_cast<std::uint32_t>(step.number("seed", 1)))));
    print_line(fmt::format("Foto {} diambil", guest.name));
    return on_visit(guest, "portrait", {{"portrait", field(picture, "hash")}});
  }

  Status ask(const Step& step) {
    print_line(fmt::format("Penjaga bertanya kepada ajudan tentang {}", guest_of(step).name));
    return on_visit(guest_of(step), "ask", json::object());
  }

  Status attest(const Step& step) { return on_visit(guest_of(step), "attest", {{"step", step.text("step")}}); }

  Status decide(const Step& step) {
    const Guest& guest = guest_of(step);
    print_line(fmt::format("Ajudan memutuskan untuk {}: {}", guest.name, step.text("decision")));
    const auto visit = TRY(aide().get("/api/v1/visits/" + guest.visit));
    json::object body{{"decision", step.text("decision")}, {"version", number(visit, "approval_version")}};
    if (step.has("minutes")) body["minutes"] = step.number("minutes", 0);
    if (step.has("reason")) body["reason"] = step.text("reason");
    TRY(aide().post("/api/v1/visits/" + guest.visit + "/decision", body));
    return {};
  }

  Status badge(const Step& step) {
    Guest& guest = guest_of(step);
    json::object body;
    if (step.has("reason")) body["reason"] = step.text("reason");
    const auto made = TRY(guard().post("/api/v1/visits/" + guest.visit + "/badge", body));
    guest.token = field(made, "token");
    if (const json::value* issued = part(made, "badge")) guest.badge = field(*issued, "id");
    print_line(fmt::format("Kartu diberikan kepada {}", guest.name));
    return {};
  }

  Status screening(const Step& step) {
    print_line(fmt::format("Penjaga mencatat hasil pemeriksaan {}: {}", guest_of(step).name, step.text("result")));
    return on_visit(guest_of(step), "screening", {{"result", step.text("result")}, {"note", step.text("note")}});
  }

  Status revoke(const Step& step) {
    mark();
    print_line(fmt::format("Admin mencabut kartu {}: {}", guest_of(step).name, step.text("reason")));
    TRY(person("admin").post("/api/v1/badges/" + guest_of(step).badge + "/revoke", {{"reason", step.text("reason")}}));
    return {};
  }

  Status give_back(const Step& step) {
    print_line(fmt::format("{} mengembalikan kartu", guest_of(step).name));
    TRY(guard().post("/api/v1/badges/" + guest_of(step).badge + "/return", json::object()));
    return {};
  }

  Status close(const Step& step) {
    print_line(fmt::format("Kunjungan {} ditutup: {}", guest_of(step).name, step.text("outcome")));
    json::object body{{"outcome", step.text("outcome")}};
    if (step.has("reason")) body["reason"] = step.text("reason");
    return on_visit(guest_of(step), "close", body);
  }

  // --- movements at the devices ---

  Status show(const Step& step) {
    const auto camera = TRY(post_.camera(step.text("camera")));
    mark();
    const Millis length(step.number("ms", 3500));
    if (step.has("texts")) {
      const auto texts = step.texts("texts");
      if (texts.size() != 2) return fail(ErrorKind::bad_input, "texts must be two");
      print_line(fmt::format("Dua kode sekaligus di depan kamera {}", step.text("camera")));
      return camera->show_two(texts[0], texts[1], length);
    }
    const bool own = step.has("guest");
    print_line(fmt::format("{} menunjukkan {} ke kamera {}", own ? guest_of(step).name : "Seseorang",
                           own ? "kartunya" : "kode asing", step.text("camera")));
    return camera->show(own ? guest_of(step).token : step.text("text"), length);
  }

  Status clear(const Step& step) {
    const auto camera = TRY(post_.camera(step.text("camera")));
    camera->clear();
    return {};
  }

  Status people(const Step& step) {
    const auto camera = TRY(post_.camera(step.text("camera")));
    camera->set_people(static_cast<int>(step.number("count", 0)));
    return {};
  }

  Status detector(const Step& step) {
    mark();
    const bool alarm = step.flag("alarm", false);
    print_line(fmt::format("Seseorang melewati gerbang deteksi{}", alarm ? ", dan alarm berbunyi" : ""));
    post_.bus->detector_passage(static_cast<int>(step.number("unit", kDetector)), alarm);
    return {};
  }

  Status rex(const Step& step) {
    mark();
    print_line("Tombol keluar ditekan");
    post_.bus->rex(static_cast<int>(step.number("unit", kDoor)));
    return {};
  }

  Status walk(const Step& step) {
    const int unit = static_cast<int>(step.number("unit", 0));
    TRY(Post::check_unit(unit));
    const auto direction = step.text("direction", "entry") == "exit" ? Direction::exit : Direction::entry;
    const auto until = Clock::now() + millis(step.seconds("within_s", 15));
    walker_ = std::make_unique<Walker>();
    walker_->passed = std::async(std::launch::async, [this, unit, direction, until, stop = walker_->give_up.get_token()] {
      while (Clock::now() < until && !stop.stop_requested() && !stop_.stop_requested()) {
        if (post_.bus->person_passes(unit, direction, Millis(200))) return true;
      }
      return false;
    });
    return {};
  }

  Status walked(const Step&) {
    if (!walker_) return fail(ErrorKind::bad_input, "nobody walks: a walk step must come first");
    const bool passed = walker_->passed.get();
    walker_.reset();
    if (!passed && !stop_.stop_requested()) return fail(ErrorKind::timed_out, "the way was not released");
    print_line("  ✓ orangnya lewat");
    return {};
  }

  Status misbehave(const Step& step) {
    const std::string device = step.text("device"), name = step.text("name");
    print_line(fmt::format("Gangguan buatan: {} {}", device, name));
    if (device.rfind("unit-", 0) == 0) {
      const int unit = std::atoi(device.c_str() + 5);
      const auto kind = TRY(misbehaviour_from_text(name == "normal" ? "none" : name));
      TRY(Post::check_unit(unit));
      post_.bus->misbehave(unit, kind);
      return {};
    }
    const auto camera = TRY(post_.camera(device));
    return camera->misbehave(name, Millis(step.number("ms", 0)));
  }

  // --- expected results ---

  Status expect(const Step& step) {
    std::string seen, refused;
    const bool came = poll_until(millis(step.seconds("within_s", 10)), [&] {
      const auto page = guard().get(fmt::format("/api/v1/events?after={}&limit=200", cursor_));
      if (!page) return seen = page.error().message, false;
      const json::value* events = part(*page, "events");
      for (const auto& event : events && events->is_array() ? events->get_array() : json::array()) {
        if (matches(step, event)) return accept(event), true;
        refused = contradiction(step, event);
        if (!refused.empty()) return true;
        cursor_ = std::max(cursor_, number(event, "number"));
        seen += " " + field(event, "type");
      }
      return false;
    });
    if (!refused.empty()) return fail(ErrorKind::conflict, refused);
    if (came || stop_.stop_requested()) return {};
    return fail(ErrorKind::timed_out,
                fmt::format("no {}{} came; seen:{}", step.text("type"),
                            step.has("reason") ? " for " + step.text("reason") : "", seen.empty() ? " nothing" : seen));
  }

  bool matches(const Step& step, const json::value& event) {
    if (field(event, "type") != step.text("type")) return false;
    if (step.has("guest") && !concerns(guest_of(step), event)) return false;
    const json::value* data = part(event, "data");
    const json::value none;
    if (step.has("why") && field(data ? *data : none, "why") != step.text("why")) return false;
    return !step.has("reason") || lists(data ? part(*data, "reasons") : nullptr, step.text("reason"));
  }

  bool concerns(const Guest& guest, const json::value& event) {
    if (const json::value* ref = part(event, "ref"); ref && intent_ > 0 && number(event, "ref") == intent_) return true;
    return (!guest.visit.empty() && field(event, "visit") == guest.visit) ||
           (!guest.badge.empty() && field(event, "badge") == guest.badge);
  }

  void accept(const json::value& event) {
    cursor_ = number(event, "number");
    if (field(event, "type") == "access_granted") intent_ = cursor_;
    print_line(fmt::format("  ✓ {} (entri {})", field(event, "type"), cursor_));
  }

  // The opposite outcome of the same event: further waiting would only cost time.
  std::string contradiction(const Step& step, const json::value& event) {
    if (!step.has("guest") || !concerns(guest_of(step), event)) return {};
    const std::string wanted = step.text("type"), got = field(event, "type");
    const bool opposite = (wanted == "access_granted" && got == "access_denied") ||
                          (wanted == "access_denied" && got == "access_granted") ||
                          (wanted == "access_taken" && (got == "access_not_taken" || got == "access_unknown"));
    return opposite ? fmt::format("{} was expected, but {} came: {}", wanted, got, field(event, "data")) : std::string();
  }

  Status visit_is(const Step& step) {
    std::string found;
    const bool same = poll_until(millis(step.seconds("within_s", 5)), [&] {
      const auto visit = guard().get("/api/v1/visits/" + guest_of(step).visit);
      if (!visit) return found = visit.error().message, false;
      bool all = true;
      found.clear();
      for (const char* key : {"state", "approval", "presence", "screening"}) {
        if (!step.has(key)) continue;
        all = all && field(*visit, key) == step.text(key);
        found += fmt::format("{} {} ", key, field(*visit, key));
      }
      return all;
    });
    if (same || stop_.stop_requested()) return {};
    return fail(ErrorKind::conflict, fmt::format("the visit of {} has {}", guest_of(step).name, found));
  }

  Status coil_is(const Step& step) {
    const auto unit = step.number("unit", 0), coil = step.number("coil", 0);
    const bool wanted = step.flag("energised", true);
    const auto energised = [&] {
      const auto trace = post_.bus->trace();
      return std::any_of(trace.begin() + static_cast<std::ptrdiff_t>(std::min(coil_mark_, trace.size())), trace.end(),
                         [&](const CoilChange& change) { return change.unit == unit && change.coil == coil && change.on; });
    };
    const bool was = poll_until(millis(step.seconds("within_s", wanted ? 3 : 1)), energised);
    if (stop_.stop_requested()) return {};
    if (was != wanted) {
      return fail(ErrorKind::conflict,
                  fmt::format("coil {} of unit {} was {}", coil, unit, was ? "energised" : "not energised"));
    }
    print_line(fmt::format("  ✓ koil {} unit {} {}", coil, unit, wanted ? "menyala" : "tetap mati"));
    return {};
  }

  Status rest(const Step& step) {
    pause(millis(step.seconds("s", 1)));
    return {};
  }

  // --- helpers ---

  ApiClient& person(const std::string& role) { return *people_.at(role); }
  ApiClient& guard() { return person("guard"); }
  ApiClient& aide() { return person("aide"); }
  Guest& guest_of(const Step& step) { return guests_[step.text("guest")]; }

  Status on_visit(const Guest& guest, const char* what, const json::value& body) {
    TRY(guard().post(fmt::format("/api/v1/visits/{}/{}", guest.visit, what), body));
    return {};
  }

  // The next checks are about what happens from here on.
  void mark() {
    coil_mark_ = post_.bus->trace().size();
    if (const auto page = guard().get("/api/v1/events?limit=1")) cursor_ = std::max(cursor_, number(*page, "last"));
  }

  void print_line(const std::string& line) {
    if (settings_.print_line) settings_.print_line(line);
  }

  // Tries every 100 ms, at least once. Returns false when the condition does not hold within the limit, or when stopped.
  template <class Predicate>
  bool poll_until(Millis limit, Predicate predicate) {
    const auto until = Clock::now() + limit;
    while (!stop_.stop_requested()) {
      if (predicate()) return true;
      if (Clock::now() >= until) return false;
      MutexLock lock(mutex_);
      wake_.wait_until(lock, stop_, std::min(until, Clock::now() + Millis(100)), [] { return false; });
    }
    return false;
  }

  Post& post_;
  const PlayerSettings& settings_;
  const std::stop_token stop_;
  std::map<std::string, std::unique_ptr<ApiClient>> people_;  // by role
  std::map<std::string, Guest> guests_;
  std::unique_ptr<Walker> walker_;
  std::int64_t cursor_ = -1;  // the last journal entry that was looked at
  std::int64_t intent_ = 0;   // of the last access_granted: outcomes refer to it
  std::size_t coil_mark_ = 0;
  Mutex mutex_;
  std::condition_variable_any wake_;
};

Status play_round(Player& player, const Scenario& scenario, const PlayerSettings& settings, const std::stop_token& stop) {
  for (const Episode& episode : scenario.episodes) {
    if (stop.stop_requested()) break;
    Status played = player.play(episode);
    if (played) continue;
    settings.print_line("  ✗ " + played.error().message);
    player.clear_away();
    if (settings.once) return played;
  }
  return {};
}

}  // namespace

Status play(const Scenario& scenario, Post& post, const PlayerSettings& settings, const std::stop_token& stop) {
  const auto accounts = TRY(load_credentials(settings.credentials_file));
  Player player(post, settings, accounts, stop);
  TRY(player.wait_until_ready());
  do {
    TRY(play_round(player, scenario, settings, stop));
    if (scenario.loop && !settings.once) player.pause(millis(scenario.pause_s));
  } while (scenario.loop && !settings.once && !stop.stop_requested());
  return {};
}

}  // namespace gapura::simulated
