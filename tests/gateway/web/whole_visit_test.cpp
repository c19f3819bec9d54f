// SPDX-License-Identifier: Apache-2.0
// Every route of whole visits on the real core: its happy path, and what its answer says.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "gateway/registry/erasure.h"
#include "gateway/web/api/router.h"
#include "gateway/web/real_post.h"
#include "support/wait_until.h"

using namespace gapura;
using namespace gapura::test;
namespace json = boost::json;

namespace {

std::string at(std::chrono::minutes from_now) {
  return format_rfc3339(shifted_now(from_now).utc, std::chrono::minutes(480));
}

// Remembers which routes have answered well.
struct Walk : MannedPost {
  std::set<std::string> answered;

  Answer done(Client& who, const std::string& method, const std::string& path, const std::string& body = "{}") {
    const std::string url = "/api/v1" + path;
    const Answer answer = method == "GET" ? who.get(url) : who.post(url, body);
    INFO(method << ' ' << path << ' ' << body << " -> " << answer.body);
    const Match match = find_route(method, path.substr(0, path.find('?')));
    REQUIRE(match.route);
    REQUIRE(answer.status == match.route->status);
    answered.insert(method + ' ' + match.route->pattern);
    return answer;
  }
  json::object good(Client& who, const std::string& method, const std::string& path, const std::string& body = "{}") {
    return done(who, method, path, body).json();
  }
  json::object get(Client& who, const std::string& path) { return good(who, "GET", path); }
  json::object ask(Client& who, const std::string& path, const std::string& body = "{}") {
    return good(who, "POST", path, body);
  }
  int status(Client& who, const std::string& path, const std::string& body) {
    return who.post("/api/v1" + path, body).status;
  }
  std::string registered(const std::string& name, const std::string& more = "") {
    const auto visit =
        ask(guard, "/visits",
            R"({"name":")" + name + R"(","purpose":"rapat","whom":"Sekretaris","category":"special")" + more + "}");
    return "/visits/" + std::string(visit.at("id").as_string());
  }
};

std::string text(const json::object& object, const char* member) { return std::string(object.at(member).as_string()); }

void walk_a_visit(Walk& it) {
  const std::string form =
      R"("name":"Tamu Contoh 01","purpose":"rapat","whom":"Sekretaris","category":"general","phone":"0811")";
  const auto plan = it.ask(
      it.aide, "/visits/plan",
      "{" + form + R"(,"from":")" + at(std::chrono::minutes(-5)) + R"(","until":")" + at(std::chrono::minutes(60)) + "\"}");
  CHECK(text(plan, "state") == "planned");
  CHECK(plan.at("expected").is_string());
  CHECK(it.ask(it.aide, "/visits/import", "nama\n").at("bad").as_array().size() == 1);
  const auto visit = it.ask(
      it.guard, "/visits",
      "{" + form +
          R"(,"party":3,"members":"Tamu Contoh 02\nTamu Contoh 03","vehicle":"DK 1 XX","identity_type":"ktp","identity_last4":"0001"})");
  CHECK(visit.at("id") == plan.at("id"));  // the plan and the arrival are one
  CHECK(visit.at("invited").as_bool());
  CHECK(visit.at("party").as_int64() == 3);
  CHECK(text(visit, "identity_last4") == "0001");
  CHECK(text(visit, "sop") == "SOP-01/UJI/2026#1");
  REQUIRE(visit.contains("hours"));  // general guests are received at no time
  CHECK_FALSE(visit.at("hours").at("open").as_bool());
  CHECK(visit.at("hours").at("reason").as_string() == "not_now");
  const std::string path = "/visits/" + text(visit, "id");
  CHECK(visit.at("next").at("step").as_string() == "greet");
  CHECK(it.ask(it.guard, path + "/attest", R"({"step":"greet"})").at("next").at("step").as_string() == "badge");

  CHECK(text(it.ask(it.guard, path + "/ask"), "approval") == "sent");
  CHECK(text(it.ask(it.aide, path + "/receipt", R"({"seen":false})"), "approval") == "delivered");
  CHECK(text(it.ask(it.aide, path + "/receipt", R"({"seen":true})"), "approval") == "seen");
  const auto version = [&] { return std::to_string(it.get(it.aide, path).at("approval_version").as_int64()); };
  const auto decide = [&](const std::string& decision) {
    return R"({"version":)" + version() + R"(,"decision":)" + decision + "}";
  };
  CHECK(text(it.ask(it.aide, path + "/decision", decide(R"("ask","reason":"dari mana?")")), "approval") == "asked_back");
  CHECK(text(it.ask(it.guard, path + "/answer", R"({"answer":"dari kabupaten"})"), "approval") == "sent");
  CHECK(text(it.ask(it.guard, path + "/withdraw", R"({"reason":"tamu ke toilet"})"), "approval") == "withdrawn");
  it.ask(it.guard, path + "/ask");
  const auto accepted =
      it.ask(it.guard, path + "/decision", decide(R"("accept_now","verbal":true,"reason":"Pak Budi, telepon")"));
  CHECK(text(accepted, "verbal") == "unconfirmed");
  CHECK(text(it.ask(it.aide, path + "/verbal", R"({"confirmed":true})"), "verbal") == "confirmed");

  CHECK(it.get(it.aide, path).at("members_limit").as_int64() == 2);
  CHECK(it.status(it.guard, path + "/permit", R"({"reason":"sempit"})") == 403);
  const auto permitted = it.ask(it.guard, path + "/permit", R"({"reason":"Pak Budi, telepon","verbal":true})");
  CHECK(permitted.at("members_limit").is_null());
  CHECK(text(permitted, "members_permit") == "sari");

  CHECK(it.ask(it.guard, path + "/badge").at("badge").at("kind").as_string() == "paper");
  it.ask(it.guard, path + "/badge", R"({"another":true,"uses":2})");
  const auto with_badges = it.get(it.guard, path);
  REQUIRE(with_badges.at("badges").as_array().size() == 2);
  CHECK(with_badges.at("next").at("step").as_string() == "screening");
  const auto screened = it.ask(it.guard, path + "/screening", R"({"result":"clear"})");
  CHECK(screened.at("screened").is_string());
  CHECK(screened.at("next").is_null());
  CHECK(text(it.ask(it.guard, path + "/escort", R"({"to":"started","host":"h1"})"), "escorted_by") == "Tuan Rumah Contoh");
  const auto deposit = it.ask(it.guard, path + "/deposits", R"({"what":"tas","tag":"7","locker":"A1"})");
  CHECK(text(deposit, "state") == "received");
  CHECK(it.get(it.guard, path).at("deposits").as_array().size() == 1);
  CHECK(it.get(it.guard, "/deposits?visit=" + text(visit, "id")).at("deposits").as_array().size() == 1);
  CHECK(text(it.ask(it.guard, "/deposits/" + text(deposit, "id") + "/move", R"({"to":"returned"})"), "state") ==
        "returned");
  CHECK(it.get(it.guard, path).at("deposits").as_array().empty());
  CHECK(text(it.ask(it.guard, path + "/deviation", R"({"kind":"late","reason":"hujan"})"), "id") == text(visit, "id"));
  CHECK(it.ask(it.admin, path + "/exempt", R"({"reason":"kursi roda"})").at("passback_exempt").as_bool());
  it.ask(it.guard, "/passback/forgive", R"({"reason":"pintu macet","visit":")" + text(visit, "id") + "\"}");

  CHECK(it.status(it.guard, "/visits/plan", "{" + form + R"(,"from":"2026-01-31T08:15Z","until":"2026-01-31T08:00Z"})") ==
        400);

  CHECK(text(it.get(it.guard, path), "state") == "escorted");
  CHECK(text(it.ask(it.guard, path + "/move", R"({"to":"in_meeting"})"), "state") == "in_meeting");
  CHECK(text(it.ask(it.aide, path + "/move", R"({"to":"finished"})"), "state") == "finished");
  CHECK(it.status(it.aide, path + "/move", R"({"to":"in_meeting"})") == 403);
  const auto events = it.get(it.guard, "/events?type=visit_moved").at("events").as_array();
  const std::string last_move = std::to_string(events.back().at("number").as_int64());
  CHECK(it.status(it.aide, "/events/" + last_move + "/undo", "{}") == 403);
  it.ask(it.guard, "/events/" + last_move + "/undo");
  CHECK(text(it.get(it.guard, path), "state") == "in_meeting");
  CHECK(it.status(it.guard, path + "/close", R"({"outcome":"departed"})") == 409);  // badges are out
  CHECK(text(it.ask(it.guard, path + "/close", R"({"outcome":"departed","reason":"kartu menyusul"})"), "state") ==
        "departed");
  CHECK(it.status(it.guard, path + "/close", R"({"outcome":"departed","reason":"lagi"})") == 409);
  CHECK(it.status(it.guard, "/visits/none/close", R"({"outcome":"departed"})") == 404);
}

void walk_a_quick_visit(Walk& it) {
  const auto visit = it.ask(it.guard, "/visits", R"({"name":"Tamu Contoh 04","category":"special","quick":true})");
  CHECK_FALSE(visit.contains("hours"));
  CHECK(it.get(it.guard, "/visits/debts").at("visits").as_array().size() == 1);
  const std::string path = "/visits/" + text(visit, "id");
  it.ask(it.guard, path + "/complete",
         R"({"name":"Tamu Contoh 04","purpose":"rapat","whom":"Sekretaris","category":"special"})");
  CHECK(it.get(it.guard, "/visits/debts").at("visits").as_array().empty());
  const std::string picture = text(it.ask(it.guard, "/pictures", R"({"camera":"cam"})"), "hash");
  CHECK(text(it.ask(it.guard, path + "/portrait", R"({"portrait":")" + picture + "\"}"), "portrait") == picture);
  CHECK(it.status(it.guard, "/visits", R"({"name":"Tamu Contoh 05","category":"special"})") == 400);
}

void walk_badges(Walk& it) {
  const auto stock = it.ask(it.admin, "/badges/stock", R"({"count":3})").at("cards").as_array();
  REQUIRE(stock.size() == 3);
  const std::string card(stock[0].at("badge").as_string());
  CHECK(it.admin.get(std::string(stock[1].at("qr").as_string())).body.starts_with("\x89PNG"));
  const std::string path = it.registered("Tamu Contoh 06");
  const auto bound = it.ask(it.guard, path + "/badge", R"({"card":")" + card + "\"}");
  CHECK(bound.at("badge").at("kind").as_string() == "card");
  CHECK(bound.at("token").is_null());
  CHECK(
      it.ask(it.guard, "/badges/" + card + "/change", R"({"to":"suspended","reason":"dicek"})").at("suspended").as_bool());
  CHECK(text(it.ask(it.guard, "/badges/" + card + "/change", R"({"to":"active","reason":"beres"})"), "state") == "active");
  CHECK(text(it.ask(it.guard, "/badges/" + card + "/return"), "state") == "in_stock");
  const auto paper = it.ask(it.guard, path + "/badge");
  const std::string id(paper.at("badge").at("id").as_string()), number(paper.at("badge").at("code").as_string());
  CHECK(it.ask(it.guard, "/badges/find", R"({"code":")" + number + "\"}").at("badges").as_array().size() == 1);
  CHECK(text(it.ask(it.guard, "/badges/" + id + "/printed", R"({"printed":false})"), "state") == "revoked");
  const std::string again(it.ask(it.guard, path + "/badge").at("badge").at("id").as_string());
  CHECK(it.ask(it.admin, "/badges/" + again + "/revoke", R"({"reason":"hilang"})").at("doors").as_array().size() == 1);

  const auto staff = it.ask(it.admin, "/badges/staff", R"({"host":"h1","duress":true})");
  const std::string staff_id(staff.at("badge").at("id").as_string());
  CHECK(staff.at("badge").at("name").as_string() == "Tuan Rumah Contoh");
  CHECK(staff.at("badge").at("duress").as_bool());
  CHECK(it.admin.get(std::string(staff.at("page").as_string())).body.find("PEGAWAI") != std::string::npos);
  const auto seen = it.get(it.guard, "/badges/" + staff_id);
  CHECK_FALSE(seen.contains("duress"));
  CHECK(json::serialize(seen).find("duress") == std::string::npos);
  CHECK(it.get(it.admin, "/badges").at("badges").as_array().size() >= 1);
}

void walk_attention(Walk& it) {
  it.ask(it.admin, "/attention", R"({"name":"Tamu Contoh 07","why":"pernah mengancam","blocks":true})");
  CHECK(it.get(it.admin, "/attention").at("people").as_array().at(0).at("blocks").as_bool());
  const std::string path = it.registered("Tamu Contoh 07");
  CHECK(text(it.get(it.guard, path), "attention") == "possible");
  CHECK(text(it.ask(it.guard, path + "/attention", R"({"is_match":false,"reason":"bukan orangnya"})"), "attention") ==
        "no_match");
}

void walk_the_site(Walk& it) {
  CHECK(it.get(it.aide, "/hours?category=special").at("open").as_bool());
  CHECK_FALSE(it.get(it.aide, "/hours").at("open").as_bool());
  const auto sops = it.get(it.guard, "/sop").at("sops").as_array();
  REQUIRE(sops.size() == 1);
  CHECK(sops[0].at("steps").as_array().size() == 3);
  CHECK(sops[0].at("gates").as_array().at(0).at("requires").as_array().size() == 2);
  const auto areas = it.get(it.guard, "/areas").at("areas").as_array();
  REQUIRE(areas.size() == 3);
  CHECK(areas[1].at("limit").as_int64() == 20);
  CHECK(it.get(it.guard, "/leader").at("state").is_null());
  CHECK(text(it.ask(it.aide, "/leader", R"({"state":"resting"})"), "state") == "resting");
  CHECK(text(it.ask(it.admin, "/portals/gate/mode", R"({"mode":"blocked","reason":"perbaikan"})"), "mode") == "blocked");
  it.ask(it.admin, "/portals/gate/mode", R"({"mode":"locked","reason":"selesai"})");
}

void walk_the_roster(Walk& it) {
  const auto who = [](const json::object& duty, const char* place) {
    return duty.at(place).is_null() ? "" : std::string(duty.at(place).at("name").as_string());
  };
  CHECK(who(it.get(it.guard, "/duty"), "first").empty());
  const auto made = it.admin.post("/api/v1/users", R"({"name":"citra","role":"aide"})");
  REQUIRE(made.status == 201);
  CHECK(who(it.ask(it.aide, "/duty/take"), "first") == "budi");
  CHECK(who(it.ask(it.admin, "/duty/take", R"({"user":"citra","second":true})"), "second") == "citra");
  CHECK(it.status(it.admin, "/duty/take", "{}") == 400);
  CHECK(it.status(it.aide, "/duty/take", R"({"user":"citra"})") == 403);
  CHECK(it.status(it.admin, "/duty/take", R"({"user":"sari"})") == 400);  // a guard
  const auto offered = it.ask(it.aide, "/duty/offer", R"({"to":"citra"})");
  CHECK(who(offered, "offered_to") == "citra");
  CHECK(offered.at("aides").as_array().size() == 2);
  Client citra(it.post);
  const std::string password(made.json().at("password").as_string());
  const std::string sign_in = R"({"name":"citra","password":")" + password + R"("})";
  REQUIRE(citra.post("/api/v1/session", sign_in).status == 200);
  CHECK(who(it.ask(citra, "/duty/accept"), "first") == "citra");
  CHECK(who(it.ask(citra, "/duty/leave"), "first").empty());
  const auto hosts = it.get(it.guard, "/hosts").at("hosts").as_array();
  REQUIRE(hosts.size() == 2);
  CHECK(hosts[1].at("unit").as_string() == "Bagian Umum");
  CHECK_FALSE(hosts[1].at("escorts").as_bool());
}

void walk_a_shift(Walk& it) {
  CHECK(it.get(it.guard, "/shift").at("entry").is_null());
  CHECK(it.ask(it.guard, "/shift/start").at("guards").as_array().at(0).at("name").as_string() == "sari");
  const auto offered = it.ask(it.guard, "/shift/handover", R"({"to":"made","note":"kunci di laci"})");
  CHECK(offered.at("handed_to").at("name").as_string() == "made");
  CHECK(text(offered, "note") == "kunci di laci");
  CHECK(offered.at("to_hand_over").at("devices_offline").as_array().size() == 1);
  CHECK(it.status(it.guard, "/shift/handover", R"({"to":"budi"})") == 400);
  const auto taken = it.ask(it.other, "/shift/accept");
  CHECK(taken.at("guards").as_array().at(0).at("name").as_string() == "made");
  CHECK_FALSE(it.ask(it.other, "/post", R"({"attended":false})").at("attended").as_bool());
  CHECK_FALSE(it.get(it.aide, "/status").at("attended").as_bool());
}

void walk_an_emergency(Walk& it) {
  CHECK_FALSE(it.get(it.guard, "/lockdowns").at("lockdowns").as_array().at(0).at("active").as_bool());
  const auto locked = it.ask(it.guard, "/lockdowns/siaga/start", R"({"reason":"unjuk rasa"})");
  CHECK(locked.at("active").as_bool());
  CHECK(locked.at("until").is_string());
  CHECK_FALSE(it.ask(it.aide, "/lockdowns/siaga/end", R"({"reason":"aman"})").at("active").as_bool());
  const auto inside = it.get(it.guard, "/muster").at("people").as_array().size();
  const auto muster = it.ask(it.admin, "/muster/start", R"({"reason":"latihan"})");
  CHECK(muster.at("started").is_string());
  CHECK(muster.at("people").as_array().size() == inside);
  const std::string visit = it.registered("Tamu Contoh 08").substr(8);
  it.ask(it.guard, "/muster/mark", R"({"visit":")" + visit + R"(","at":"2026-01-31T08:15Z"})");
  CHECK(it.ask(it.guard, "/muster/end", R"({"reason":"selesai"})").at("entry").is_null());
}

void walk_alarms(Walk& it) {
  const auto known = it.get(it.guard, "/alarms").at("alarms").as_array().size();
  it.ask(it.guard, "/detectors/wtmd1/test", R"({"alarmed":false})");  // the test piece was not found: a fault
  it.ask(it.aide, "/panic", R"({"where":"ruang tunggu"})");
  const auto alarms = it.get(it.guard, "/alarms").at("alarms").as_array();
  REQUIRE(alarms.size() == known + 2);
  std::string critical, medium;
  for (const auto& alarm : alarms) {
    if (alarm.at("kind").as_string() == "panic") critical = std::to_string(alarm.at("number").as_int64());
    if (alarm.at("kind").as_string() == "fault") medium = std::to_string(alarm.at("number").as_int64());
  }
  const auto bulk = [&](const std::string& numbers) { return R"({"handling":"handled","numbers":[)" + numbers + "]}"; };
  CHECK(it.status(it.guard, "/alarms/acknowledge", bulk(medium + "," + critical)) == 409);
  const auto untouched = it.get(it.guard, "/alarms").at("alarms").as_array();
  for (const auto& alarm : untouched) CHECK(alarm.at("acknowledged_by").is_null());  // none was touched
  const auto done = it.ask(it.guard, "/alarms/acknowledge", bulk(medium + "," + medium)).at("alarms").as_array();
  CHECK(done.at(0).at("acknowledged_by").as_string() == "sari");
  CHECK(text(it.ask(it.guard, "/alarms/" + critical + "/acknowledge", R"({"handling":"false_alarm"})"), "handling") ==
        "false_alarm");
  const auto report = it.get(it.admin, "/alarms/report");
  CHECK(report.at("rate").at("day").as_int64() >= 2);
  CHECK(report.at("fix").as_array().size() >= 2);
  CHECK(report.at("stale").as_array().empty());
}

void walk_the_record(Walk& it) {
  const auto first = it.get(it.aide, "/log/checkpoint").at("size").to_number<std::uint64_t>();
  it.registered("Tamu Contoh 10");
  const auto newest = it.ask(it.admin, "/log/checkpoint");
  const auto size = newest.at("size").to_number<std::uint64_t>();
  CHECK(size > first);
  CHECK(text(newest, "checkpoint").starts_with(text(newest, "origin")));
  const auto growth = it.get(it.aide, "/log/consistency?from=" + std::to_string(first) + "&to=" + std::to_string(size));
  CHECK(!growth.at("proof").as_array().empty());
  CHECK(it.done(it.admin, "GET", "/log/proof/" + std::to_string(first)).body.starts_with("c2sp.org/tlog-proof@v1"));
  const std::string today = at(std::chrono::minutes(0)).substr(0, 10);
  CHECK(it.done(it.admin, "GET", "/log/sheet/" + today + ".pdf").body.starts_with("%PDF"));
  CHECK(it.guard.get("/api/v1/log/proof/0").status == 403);
  CHECK(it.admin.get("/api/v1/log/proof/99999999").status == 404);
  CHECK(it.admin.get("/api/v1/log/consistency?from=x&to=1").status == 400);
  for (const char* sizes :
       {"from=0&to=18446744073709551615", "from=1&to=18446744073709551615", "from=0&to=9223372036854775807", "from=2&to=1",
        "from=1&to=99999999", "from=18446744073709551616&to=18446744073709551617"}) {
    INFO(sizes);
    CHECK(it.guard.get("/api/v1/log/consistency?" + std::string(sizes)).status == 400);
  }
}

void wait_until_destroyed(Walk& it) {
  const auto finished = [&] { return it.get(it.admin, "/retention").at("run").is_null(); };
  REQUIRE(tests::wait_until(finished));
}

void walk_personal_data(Walk& it) {
  const std::string path = it.registered("Tamu Contoh 20", R"(,"phone":"0800-000-020","members":"Tamu Contoh 21")");
  const auto portrait_of = [&](const std::string& mark) {  // of this visit only: what two visits name is shown with either
    std::string face = small_jpeg();
    face.insert(face.size() - 2, mark);
    const auto hash = it.guard.request("POST", "/api/v1/pictures", face, {"Content-Type: image/jpeg"}).text("hash");
    it.ask(it.guard, path + "/portrait", R"({"portrait":")" + hash + "\"}");
    return hash;
  };
  const std::string replaced = portrait_of("19"), picture = portrait_of("20");
  const std::string open_one = it.registered("Tamu Contoh 22", R"(,"phone":"0800-000-022")");
  it.ask(it.guard, path + "/close", R"({"outcome":"departed","reason":"uji"})");
  CHECK(it.status(it.admin, "/subjects/find", R"({"phone":"08"})") == 400);
  CHECK(it.status(it.admin, "/subjects/find", R"({"date":"kemarin"})") == 400);
  const auto found = it.ask(it.admin, "/subjects/find", R"({"phone":"0800-000-020"})").at("people").as_array();
  REQUIRE(found.size() == 1);
  CHECK(found[0].at("name").as_string() == "T*** C***** 2*");
  CHECK(found[0].at("phone").as_string() == "*********020");
  const std::string guest(found[0].at("guest").as_string());
  const auto store = PictureStore::open(it.post.folder, key_maker(it.post.core));
  for (const auto& hash : {replaced, picture}) REQUIRE(store->set_owner(hash, guest));  // as the daemon's keeper does
  CHECK(it.ask(it.admin, "/subjects/find", R"({"date":")" + at(std::chrono::minutes(0)).substr(0, 10) + R"("})")
            .at("people")
            .as_array()
            .size() >= 2);

  const auto open = [&](const std::string& kind) {
    return it.ask(
        it.admin, "/cases",
        R"({"guest":")" + guest + R"(","kind":")" + kind + R"(","requester":"Tamu Contoh 20","purpose":"uji hak"})");
  };
  const auto asked = open("access");
  CHECK(asked.at("minutes_left").as_int64() == 72 * 60);
  const std::string access = "/cases/" + text(asked, "id");
  const auto copy = it.get(it.admin, access + "/export.json");
  CHECK(copy.at("person").at("name").as_string() == "Tamu Contoh 20");
  CHECK(copy.at("watermark").as_string().find("Tamu Contoh 20 · uji hak") != json::string::npos);
  std::multiset<std::string> trail;
  for (const auto& entry : copy.at("trail").as_array()) trail.insert(std::string(entry.at("type").as_string()));
  CHECK(trail.count("visit_registered") == 1);
  CHECK(trail.count("case_opened") == 1);
  CHECK(trail.count("data_read") == 2);  // the day's list, and this copy itself
  CHECK(it.done(it.admin, "GET", access + "/export.pdf").body.starts_with("%PDF"));
  CHECK(text(it.ask(it.admin, access + "/close", R"({"outcome":"answered","reason":"salinan diserahkan"})"), "state") ==
        "answered");

  const auto restrict = open("restrict");
  it.ask(it.admin, "/cases/" + text(restrict, "id") + "/close", R"({"outcome":"answered","reason":"dibatasi"})");
  const auto hidden = it.get(it.admin, path);
  CHECK(text(hidden, "name") == "(dibatasi)");
  CHECK(text(hidden, "phone").empty());
  CHECK(it.status(it.aide, path + "/unmask", R"({"reason":"perlu"})") == 403);
  it.ask(it.admin, "/cases/" + text(open("restrict"), "id") + "/close",
         R"({"outcome":"answered","reason":"dibuka","lift":true})");
  CHECK(text(it.get(it.admin, path), "name") == "Tamu Contoh 20");

  const auto hold = it.ask(it.admin, "/holds", R"({"guest":")" + guest + R"(","reason":"perkara contoh"})");
  CHECK(it.get(it.admin, "/holds").at("holds").as_array().size() == 1);
  it.post.later(std::chrono::hours(26));
  it.admin = signed_in(it.post, "wayan"), it.aide = signed_in(it.post, "budi"), it.guard = signed_in(it.post, "sari");
  const auto masked = it.get(it.aide, path);
  CHECK(masked.at("masked").as_bool());
  CHECK(text(masked, "name") == "T*** C***** 2*");
  for (const auto& entry : masked.at("events").as_array()) {
    CHECK(entry.at("note").is_null());
    for (const char* key : {"hash", "portrait"}) CHECK_FALSE(entry.at("data").as_object().contains(key));
  }
  CHECK(it.guard.get("/api/v1" + path).status == 403);
  CHECK(it.status(it.guard, path + "/unmask", R"({"reason":"ingin tahu"})") == 403);
  const std::string portrait = "/api/v1/pictures/" + picture + ".jpg";
  const std::string first_portrait = "/api/v1/pictures/" + replaced + ".jpg";  // only its leaf names it
  CHECK(it.aide.get(portrait).status == 403);
  CHECK(it.aide.get(first_portrait).status == 403);
  const auto shown = it.ask(it.aide, path + "/unmask", R"({"reason":"surat balasan"})");
  CHECK(text(shown, "name") == "Tamu Contoh 20");
  CHECK(it.aide.get(portrait).status == 200);
  CHECK(it.aide.get(first_portrait).status == 200);
  CHECK(it.guard.get(portrait).status == 403);
  CHECK(it.guard.get(first_portrait).status == 403);
  CHECK(shown.at("events").as_array().back().at("type").as_string() == "data_read");
  CHECK(text(it.get(it.aide, path), "name") == "T*** C***** 2*");

  const auto breach = it.ask(it.admin, "/breach", R"({"account":"sari"})");
  CHECK(breach.at("people").as_array().size() >= 2);
  const auto copied = it.ask(it.admin, "/breach", R"({"account":"wayan"})");
  CHECK(std::any_of(copied.at("people").as_array().begin(), copied.at("people").as_array().end(),
                    [&](const auto& one) { return one.at("guest").as_string() == guest; }));
  CHECK(it.status(it.admin, "/breach", "{}") == 400);
  CHECK(it.status(it.admin, "/breach", R"({"account":"tak ada"})") == 404);
  it.ask(it.admin, "/backups", R"({"name":"cadangan.gapura","entries":12})");

  const std::string erase = "/cases/" + text(open("erase"), "id") + "/close";
  const std::string yes = R"({"outcome":"answered","reason":"dihapus"})";
  CHECK(it.status(it.admin, erase, yes) == 409);  // held
  it.ask(it.admin, "/holds/" + text(hold, "id") + "/release", R"({"reason":"perkara selesai"})");
  CHECK(text(it.ask(it.admin, erase, yes), "state") == "answered");
  wait_until_destroyed(it);
  CHECK(text(it.get(it.admin, path), "name") == erased_name);
  const auto due = it.get(it.admin, "/retention");
  CHECK(due.at("classes").as_array().size() == 7);
  CHECK(due.at("backups").as_array().size() == 1);
  CHECK(it.status(it.admin, "/retention/rules/visit/agree", "{}") == 409);
  CHECK(it.status(it.admin, "/retention/runs", R"({"classes":["audit"]})") == 400);
  it.ask(it.admin, "/retention/runs", R"({"classes":["nik","clip"]})");
  wait_until_destroyed(it);
  const auto runs = it.get(it.admin, "/retention/runs").at("runs").as_array();
  REQUIRE(runs.size() == 2);
  for (const auto& run : runs)
    CHECK(it.done(it.admin, "GET", "/retention/runs/" + std::string(run.at("id").as_string()) + "/certificate.pdf")
              .body.starts_with("%PDF"));
  CHECK(it.admin.get("/api/v1/retention/runs/r-0/certificate.pdf").status == 404);
  CHECK(it.get(it.admin, "/cases").at("cases").as_array().size() == 4);
  CHECK(text(it.get(it.admin, open_one), "id") == open_one.substr(8));
}

// Of `data_read`, those that tell of too many searches.
std::size_t bursts(Walk& it) {
  const auto events = it.get(it.admin, "/events?type=data_read&limit=500").at("events").as_array();
  return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [](const auto& entry) {
    const auto* about = entry.at("data").as_object().if_contains("about");
    return about && *about == "too_many";
  }));
}

TEST_CASE("The registry cannot be copied by searching: thirty at once, then it is slow, and entered once") {
  Walk it;
  it.registered("Tamu Contoh 30", R"(,"phone":"0800-000-030")");
  const std::string search = R"({"name":"Tamu"})";
  it.ask(it.admin, "/users", R"({"name":"ketut","role":"admin","password":")" + good_password + R"("})");
  Client second = signed_in(it.post, "ketut");
  const auto searched = [&] { return it.admin.post("/api/v1/subjects/find", search); };
  int found = 0, refused = 0;
  Answer last = searched();
  for (; last.status == 200 && found < 300; last = searched()) ++found;
  CHECK(found >= 30);
  REQUIRE(last.status == 429);
  CHECK(last.header("retry-after") == "2");
  CHECK(last.body.find("thirty a minute") != std::string::npos);
  // A slow machine earns another search now and then.
  for (int tries = 0; refused < 3 && tries < 300; ++tries) refused += searched().status == 429;
  CHECK(refused == 3);
  CHECK(it.status(second, "/subjects/find", search) == 200);  // another account is not kept waiting
  CHECK(bursts(it) == 1);
}

TEST_CASE("A shorter period of the configuration takes two admins, each under an own name") {
  Walk it;
  Client local(it.post, true);
  for (const char* name : {"ketut", "nyoman"})  // by the administrator of the machine, so that neither made the other
    it.ask(local, "/users",
           R"({"name":")" + std::string(name) + R"(","role":"admin","password":")" + good_password + R"("})");
  it.post.later(std::chrono::hours(73));
  it.admin = signed_in(it.post, "ketut");
  auto rules = default_retention();
  rules[0].days = 30;
  REQUIRE(it.post.core.call(AdoptRetention{rules}, Actor{UserId("system"), Role::admin}));
  const auto days = [](const json::object& list) { return list.at("classes").as_array().at(0).at("days").as_int64(); };
  const auto first = it.ask(it.admin, "/retention/rules/visit/agree");
  CHECK(days(first) == 365);
  CHECK(first.at("classes").as_array().at(0).at("next").at("agreed_by").as_string() == "ketut");
  CHECK(it.status(it.admin, "/retention/rules/visit/agree", "{}") == 409);
  Client second = signed_in(it.post, "nyoman");
  CHECK(days(it.ask(second, "/retention/rules/visit/agree")) == 30);
}

}  // namespace

TEST_CASE("Every route of whole visits does its work through the real core") {
  Walk it;
  walk_a_visit(it);
  walk_a_quick_visit(it);
  walk_badges(it);
  walk_attention(it);
  walk_the_site(it);
  walk_an_emergency(it);
  walk_alarms(it);
  walk_a_shift(it);
  walk_the_roster(it);
  walk_the_record(it);
  walk_personal_data(it);
  // Signing in, accounts, pictures, streams, printers and doors with devices are walked by the other tests.
  const std::set<std::string> elsewhere{"GET /setup",
                                        "POST /setup",
                                        "POST /session",
                                        "GET /session",
                                        "DELETE /session",
                                        "POST /session/pin",
                                        "POST /session/proof",
                                        "POST /users/{id}/pins/end",
                                        "GET /users",
                                        "POST /users",
                                        "POST /users/{id}/disable",
                                        "POST /users/{id}/password",
                                        "POST /tokens",
                                        "GET /visits",
                                        "GET /devices",
                                        "GET /badges/{id}/qr.png",
                                        "GET /badges/{id}/page",
                                        "GET /pictures/{hash}.jpg",
                                        "GET /cameras/{id}/still.jpg",
                                        "POST /cameras/{id}/view",  // and by a camera that was turned: clips_test
                                        "GET /portals",
                                        "POST /points/{id}/release",
                                        "POST /retention/rules/{class}/agree",
                                        "POST /badges/{id}/print",
                                        "POST /granting/resume",  // chaos_test: it restarts the gateway
                                        "GET /clips/{hash}.mp4",
                                        "GET /cameras/{id}/live.mjpeg",
                                        "GET /events/stream",
                                        "GET /openapi.json"};
  for (const Route& route : routes()) {
    const std::string name = std::string(route.method) + ' ' + route.pattern;
    INFO(name);
    CHECK((it.answered.contains(name) || elsewhere.contains(name)));
  }
}

TEST_CASE("A silent alarm is nowhere on a guard's screen, and on the aide's and admin's") {
  Walk it;
  RawClient live(it.post.port());
  live.send("GET /api/v1/events/stream?after=-1 HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-sid=" +
            it.guard.cookies["__Host-sid"] + "\r\n\r\n");
  REQUIRE(live.read_until(": hello\n\n"));
  it.ask(it.guard, "/panic", R"({"where":"pos jaga","silent":true})");
  const auto shown = it.get(it.aide, "/alarms").at("alarms").as_array();
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].at("silent").as_bool());
  CHECK(it.get(it.guard, "/alarms").at("alarms").as_array().empty());
  const std::string number = std::to_string(shown[0].at("number").as_int64());
  CHECK(it.status(it.guard, "/alarms/" + number + "/acknowledge", R"({"handling":"handled"})") == 404);
  CHECK(it.status(it.guard, "/alarms/acknowledge", R"({"handling":"handled","numbers":[)" + number + "]}") == 404);
  it.ask(it.admin, "/alarms/" + number + "/acknowledge", R"({"handling":"passed_on"})");
  CHECK(it.get(it.guard, "/alarms/report").at("rate").at("day").as_int64() == 0);
  CHECK(it.get(it.admin, "/alarms/report").at("rate").at("day").as_int64() == 1);
  it.registered("Tamu Contoh 09");  // something that a guard does see, after it
  const auto types = [&](Client& who) {
    std::multiset<std::string> all;
    const auto events = it.get(who, "/events").at("events").as_array();
    for (const auto& event : events) all.insert(std::string(event.at("type").as_string()));
    return all;
  };
  for (const char* type : {"duress_signalled", "alarm_raised", "alarm_acknowledged", "alarm_cleared"}) {
    INFO(type);
    CHECK(types(it.guard).count(type) == 0);
    CHECK(types(it.admin).count(type) == 1);
  }
  REQUIRE(live.read_until("visit_registered"));
  CHECK(live.received.find("duress") == std::string::npos);
  CHECK(live.received.find("alarm_") == std::string::npos);
}

TEST_CASE("Everybody takes back what is theirs to say") {
  Walk it;
  const std::string path = it.registered("Tamu Contoh 10");
  it.ask(it.guard, path + "/ask");
  it.ask(it.aide, path + "/decision", R"({"decision":"accept_now","version":1})");
  const auto decided = it.get(it.aide, "/events?type=approval_decided").at("events").as_array();
  const std::string undo = "/events/" + std::to_string(decided.back().at("number").as_int64()) + "/undo";
  CHECK(it.status(it.guard, undo, "{}") == 403);
  it.ask(it.aide, undo);
  CHECK(text(it.get(it.aide, path), "approval") == "sent");
  CHECK(it.status(it.aide, "/events/99999/undo", "{}") == 404);
}

TEST_CASE("The command line's socket does a guard's and an admin's work, not an aide's") {
  Walk it;
  Client local(it.post, true);
  const auto visit =
      it.ask(local, "/visits", R"({"name":"Tamu Contoh 11","purpose":"rapat","whom":"Sekretaris","category":"special"})");
  const std::string path = "/visits/" + text(visit, "id");
  it.ask(local, path + "/ask");
  CHECK(it.status(local, path + "/receipt", R"({"seen":true})") == 403);
  CHECK(it.status(local, path + "/decision", R"({"decision":"accept_now","version":1})") == 403);
  it.ask(local, path + "/decision", R"({"decision":"accept_now","version":1,"verbal":true,"reason":"Pak Budi, telepon"})");
  CHECK(it.get(it.guard, path).at("events").as_array().front().at("actor").as_string() == "local");
  CHECK(it.ask(local, "/badges/stock", R"({"count":1})").at("cards").as_array().size() == 1);
}
