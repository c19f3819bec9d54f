// SPDX-License-Identifier: Apache-2.0
// Every INVARIANT of the product, by its sentence, with a planted fault that fires it: a function is given what its caller
// promised not to give, or a double breaks the promise of a seam. The last case holds this table to the sources.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "drivers/door_controller.h"
#include "gateway/core/change_check.h"
#include "gateway/core/core_thread.h"
#include "gateway/journal/journal.h"
#include "gateway/registry/registry.h"
#include "models/base/invariant.h"
#include "support/collecting_sink.h"
#include "support/signed_site.h"

using namespace gapura;
using namespace gapura::gateway;
using namespace gapura::tests;

namespace {

// While it lives a broken invariant is an exception.
class ThrowingHandler {
 public:
  ThrowingHandler() : before_(set_invariant_handler([](const BrokenInvariant& broken) { throw broken; })) {}
  ~ThrowingHandler() { set_invariant_handler(before_); }

 private:
  InvariantHandler before_;
};

// A store that keeps its word in everything but the size of its tree.
class LyingStore final : public SiteStore, public RecordTree {
 public:
  using Lie = std::function<std::uint64_t(std::uint64_t)>;
  LyingStore(std::unique_ptr<SiteStore> real, const Lie& lie) : real_(std::move(real)), lie_(lie) {}
  SiteState take_state() override { return real_->take_state(); }
  Status write(const std::vector<Entry>& entries, const std::vector<Row>& rows, const SiteEdit& edit,
               const PictureKept* picture) override {
    return real_->write(entries, rows, edit, picture);
  }
  Status copy_wal() override { return real_->copy_wal(); }
  void scrub(ScrubStep& step) override { real_->scrub(step); }
  const RecordTree& tree() const override { return *this; }
  RecordSigner* signer() override { return real_->signer(); }
  RegistryLookup& registry() override { return real_->registry(); }
  PersonalDataLookup& personal_data() override { return real_->personal_data(); }
  std::uint64_t size() const override { return lie_(real_->tree().size()); }
  Hash root() const override { return real_->tree().root(); }

 private:
  std::unique_ptr<SiteStore> real_;
  const Lie& lie_;  // outlives the store
};

// The demo site on a store whose tree says of its size what `lie` makes of it.
class LyingSite {
 public:
  explicit LyingSite(LyingStore::Lie lie = [](std::uint64_t size) { return size; }) : lie_(std::move(lie)) {
    auto database = Database::open_writer(folder_.path() + "/gapura.db");
    REQUIRE(database);
    auto store = open_site_store({.database = std::move(*database), .boot_id = "boot0001"});
    REQUIRE(store);
    core_ = *Core::open({.site = demo_site(),
                         .clock = clock_,
                         .randomness = [](std::span<std::uint8_t>) {},
                         .store = std::make_unique<LyingStore>(std::move(*store), lie_),
                         .orders = orders_},
                        "test");
    core_->handle(LevelReport{"door1.lock", Level::off, clock_.now_.boot});
    core_->handle(LevelReport{"door1.contact", Level::off, clock_.now_.boot});
  }
  // From now on; `nth`: the nth question for the size is lied to, and no other.
  void lie_at(int nth, std::uint64_t size) {
    lie_ = [nth, size](std::uint64_t real) mutable { return --nth == 0 ? size : real; };
  }
  void release_door() {
    const ReleasePortal release{.point = AccessPointId("door.in"), .reason = "uji"};
    core_->handle(CommandInput{release, Actor{UserId("u-guard"), Role::guard}, [](const Result<Reply>&) {}});
  }
  const RecordedOrders& orders() const { return orders_; }

 private:
  LyingStore::Lie lie_;
  TemporaryFolder folder_;
  VirtualClock clock_;
  RecordedOrders orders_;
  std::unique_ptr<Core> core_;
};

// A gate over an empty file.
struct LoneGate {
  LoneGate()
      : gate(
            demo_site(), {}, registry, nullptr, [](std::span<std::uint8_t>) {}, VirtualClock().now()) {}
  void commit(const Entry& entry, std::uint64_t next) {
    SiteEdit edit(gate.state());
    edit.next_number = next;
    gate.commit(edit, {entry});
  }
  TemporaryFolder folder;
  Database database = *Database::open_writer(folder.path() + "/gapura.db");
  Registry registry{database};
  Gate gate;
};

Entry grant_at(const std::string& point) {
  Entry entry = make_entry(AccessGranted{.by = "badge"});
  entry.point = point;
  return entry;
}

void check_order(OrderOut order, const Entry& entry = grant_at("door.in")) {
  Change change;
  change.entries = {entry};
  change.orders = {std::move(order)};
  check_change(change, SiteState{});
}

void check_entry(Entry entry, std::uint64_t ref) {
  entry.ref = ref;
  Change change;
  change.entries = {std::move(entry)};
  SiteState state;
  state.next_number = 3;
  check_change(change, state);
}

PulseOrderOut pulse_of(std::size_t entry) { return {entry, "door1.lock", Millis(500), BootTime(Millis(9'000))}; }

const std::map<std::string, std::function<void()>>& faults() {
  static const std::map<std::string, std::function<void()>> table{
      // ---- models
      {"the edge of a tree has one peak for each bit of its size", [] { MerkleEdge(3, {Hash{}}); }},
      {"a portal is released when no release is under way there",
       [] {
         Portal portal{demo_site().portals.back()};
         portal.begin({.intent = 1});
         portal.begin({.intent = 2});
       }},
      // ---- what the parts promised the shell
      {"an entry refers to an earlier one", [] { check_entry(make_entry(EventType::alarm_cleared), 3); }},
      {"an outcome is of a release that has none yet", [] { check_entry(make_entry(EventType::access_taken), 2); }},
      {"a pulse has a length and a deadline",
       [] {
         PulseOrderOut pulse = pulse_of(0);
         pulse.deadline = {};
         check_order(pulse);
       }},
      {"a pulse is renewed by an entry that is committed",
       [] {
         PulseOrderOut pulse = pulse_of(0);
         pulse.intent = 0;  // of an empty journal
         check_order(pulse);
       }},
      {"a pulse is allowed by a grant", [] { check_order(pulse_of(0), make_entry(EventType::access_denied)); }},
      {"an order is allowed by an entry of its change",
       [] {
         check_order(TakeStillOut{1, "waiting_room", {}});
       }},
      {"a still that is to be kept is there",
       [] {
         check_order(KeepStillOut{0, nullptr, "r-in", "scan", {}, {}});
       }},
      {"a part of the file to clear is named", [] { check_order(ScrubOut{}); }},
      {"a grant is ordered once",
       [] {
         Change change;
         change.entries = {grant_at("door.in")};
         change.orders = {pulse_of(0), pulse_of(0)};
         check_change(change, SiteState{});
       }},
      {"a row is of an entry of its change",
       [] {
         Change change;
         change.rows = {NoteRow{0, "salt", "text"}};
         check_change(change, SiteState{});
       }},
      {"all of a party are somewhere, and no more",
       [] {
         SiteState state;
         SiteEdit edit(state);
         Visit& visit = edit.add_visit(VisitId("v-1"));
         visit.party = 2;
         visit.where = {{outside_area, 1}, {AreaId("residence"), 2}};
         check_presence(edit);
       }},
      // ---- what the store promised
      {"the tables and the tree end at the same entry",
       [] { LyingSite site([](std::uint64_t size) { return size + 1; }); }},
      {"what the store has written is in the tree",
       [] {
         LyingSite site;
         site.lie_at(1, 0);
         site.release_door();
       }},
      {"no pulse leaves before its entry is in the journal",
       [] {
         LyingSite site;
         site.lie_at(2, 0);  // the first is asked after the commit
         try {
           site.release_door();
         } catch (const BrokenInvariant&) {
           REQUIRE(site.orders().pulses.empty());
           throw;
         }
       }},
      // ---- what the clock, drivers and the shell promised the gate
      {"the boot clock never goes back",
       [] {
         SiteHarness site;
         site.clock.now_.boot -= Millis(1);
         site.core->tick();
       }},
      {"a report is about an entry that is committed",
       [] {
         SiteHarness site;
         site.core->handle(PulseReport{1'000, PulseOutcome::acknowledged, Level::on, "", site.clock.now_.boot});
       }},
      {"the state goes on by the entries committed", [] { LoneGate().commit(make_entry(EventType::day_closed), 2); }},
      {"a grant is at an access point of a portal", [] { LoneGate().commit(grant_at("nowhere"), 1); }},
      // ---- threads
      {"the core's thread is given one core, once", [] { CoreThread().start(nullptr); }},
      {"who posts a command hears what became of it", [] { CoreThread().post(SignCheckpoint{}, {}, nullptr); }},
      {"an order says until when it may be sent",
       [] {
         CollectingSink sink;
         drivers::BusSettings settings;
         settings.id = BusId("lan");
         settings.host = "127.0.0.1";
         settings.port = 1;
         drivers::ControllerSettings door;
         door.id = ControllerId("door1");
         door.profile = *drivers::load_controller_profile(GAPURA_SOURCE_DIR "/config/controllers/door.toml");
         settings.controllers = {door};
         auto bus = drivers::ControllerBus::create(settings, sink);
         REQUIRE(bus);
         (*bus)->pulse({1, "door1.lock", Millis(500), {}});
       }},
      // ---- the journal and the record
      {"an entry's number is the size of the tree before it",
       [] {
         const TemporaryFolder folder;
         const auto database = Database::open_writer(folder.path() + "/gapura.db");
         auto journal = Journal::open(*database);
         Entry entry = make_entry(EventType::day_closed);
         entry.number = 1;
         (void)journal->append(entry, "boot0001");
       }},
  };
  return table;
}

// The sentence of each INVARIANT( … ) in a source: the last string in its parentheses.
std::vector<std::string> sentences_in(const std::string& source) {
  const std::string name = "INVARIANT(";
  std::vector<std::string> sentences;
  for (std::size_t at = source.find(name); at != std::string::npos; at = source.find(name, at + 1)) {
    std::string last;
    int depth = 1;
    for (std::size_t i = at + name.size(); depth > 0 && i < source.size(); ++i) {
      if (source[i] == '(') ++depth;
      if (source[i] == ')') --depth;
      if (source[i] != '"') continue;
      const std::size_t end = source.find('"', i + 1);
      last = source.substr(i + 1, end - i - 1);
      i = end;
    }
    sentences.push_back(last);
  }
  return sentences;
}

}  // namespace

TEST_CASE("each invariant is fired by a fault") {
  const ThrowingHandler handler;
  for (const auto& [sentence, fault] : faults()) {
    CAPTURE(sentence);
    std::string fired = "none";
    try {
      fault();
    } catch (const BrokenInvariant& broken) {
      fired = broken.relied_on;
      CHECK((fired.empty() || std::filesystem::exists(std::string(GAPURA_SOURCE_DIR "/") + broken.file)));
    }
    CHECK(fired == sentence);
  }
}

TEST_CASE("each invariant in the sources has a sentence of its own and a fault in this table") {
  std::vector<std::string> found;
  for (const char* library : {"models", "drivers", "gateway"})
    for (const auto& file : std::filesystem::recursive_directory_iterator(std::string(GAPURA_SOURCE_DIR "/") + library)) {
      const auto path = file.path();
      const bool is_source = path.extension() == ".h" || path.extension() == ".cpp";
      if (!is_source || path.filename() == "invariant.h") continue;
      std::ifstream in(path);
      for (auto& sentence : sentences_in({std::istreambuf_iterator<char>(in), {}})) found.push_back(std::move(sentence));
    }
  const std::set<std::string> sources(found.begin(), found.end());
  CHECK(sources.size() == found.size());
  std::set<std::string> rows;
  for (const auto& [sentence, fault] : faults()) rows.insert(sentence);
  CHECK(sources == rows);
}
