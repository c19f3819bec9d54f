// SPDX-License-Identifier: Apache-2.0
// The functional core: inputs and time in, entries and orders out. It does no I/O, reads no clock and starts no thread;
// what it remembers durably (SiteState) changes only by commit(), after the entries are on disk.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "gateway/clock.h"
#include "gateway/contract/change.h"
#include "gateway/contract/lookup.h"
#include "gateway/contract/site_view.h"
#include "gateway/core/health_damper.h"
#include "models/decision.h"
#include "models/detector.h"
#include "models/device_event.h"
#include "models/portal.h"
#include "models/site_state.h"

namespace gapura::gateway {

class RowsSoFar;

// Thread: core only. Its members live in several files: gate.cpp the loop, gate_access.cpp scans and releases,
// gate_devices.cpp levels and health, gate_timers.cpp what follows from time, gate_alarms.cpp, and one file for each group
// of commands.
class Gate {
 public:
  // `personal_data`: null where nothing is to be done about it.
  Gate(SiteConfig config, SiteState state, RegistryLookup& registry, PersonalDataLookup* personal_data,
       Randomness randomness, const Now& started);

  // Closes every open intent of an earlier run as unknown and says that the site is open.
  Change start(const Now& now, const std::string& version);
  Change step(const Input& input, const Now& now);
  Change tick(const Now& now);
  std::optional<BootTime> next_deadline() const;

  // The Change is on disk as these stamped entries.
  void commit(const SiteEdit& edit, const std::vector<Entry>& entries);
  // The same for an entry of the past: state only, no portal is released.
  void follow(const SiteEdit& edit, const Now& at);
  void stop_granting(std::string why) { storage_problem_ = std::move(why); }

  const SiteState& state() const { return state_; }
  const SiteConfig& config() const { return config_; }
  bool granting() const { return storage_problem_.empty(); }
  SiteView view(const Now& now) const;
  // What a scan of this badge at this point would be told now. Orders nothing, remembers nothing.
  Decision judge(const AccessPointConfig& point, const Badge& badge, const Now& now) const;

 private:
  // A host's group through an ordered area: who went last, and how many followed.
  struct EscortGroup {
    BadgeId host;
    BootTime last;
    int followers = 0;
  };
  struct WaitingSecond {
    BadgeId badge;
    BootTime until;
  };

  void name_the_step(Change& change) const;
  Change on_badge(const BadgeRead& read, const Now& now);
  Change on_desk(const DeskReader& desk, const BadgeRead& read, const Now& now);
  Change on_level(const LevelReport& report, const Now& now);
  Change on_pulse(const PulseReport& report, const Now& now);
  Change on_health(const DeviceHealth& health, const Now& now);
  Change on_picture(const PictureKept& kept);
  Change on_print(const drivers::PrintReport& report);
  Change on_command(const Command& command, const Actor& actor, const Now& now);
  bool is_out_of_duty(const Command& command, const Actor& actor) const;

  // Visits
  Change run(const PlanVisit&, const Actor&, const Now&);
  Change run(const ImportGuests&, const Actor&, const Now&);
  Change run(const RegisterVisit&, const Actor&, const Now&);
  Change run(const CompleteVisit&, const Actor&, const Now&);
  Change run(const MoveVisit&, const Actor&, const Now&);
  Change run(const CloseVisit&, const Actor&, const Now&);
  Change run(const SetPortrait&, const Actor&, const Now&);
  Change run(const AttestStep&, const Actor&, const Now&);
  Change run(const NoteDeviation&, const Actor&, const Now&);
  Change run(const Undo&, const Actor&, const Now&);
  Change run(const ListAttention&, const Actor&, const Now&);
  Change run(const DecideAttention&, const Actor&, const Now&);
  // Approval
  Change run(const AskAide&, const Actor&, const Now&);
  Change run(const ReceiveQuestion&, const Actor&, const Now&);
  Change run(const DecideVisit&, const Actor&, const Now&);
  Change run(const AnswerAide&, const Actor&, const Now&);
  Change run(const WithdrawQuestion&, const Actor&, const Now&);
  Change run(const ReviewVerbal&, const Actor&, const Now&);
  Change run(const PermitMembers&, const Actor&, const Now&);
  Change run(const SetLeaderState&, const Actor&, const Now&);
  Change run(const TakeDuty&, const Actor&, const Now&);
  Change run(const OfferDuty&, const Actor&, const Now&);
  Change run(const AcceptDuty&, const Actor&, const Now&);
  Change run(const LeaveDuty&, const Actor&, const Now&);
  // Badges
  Change run(const IssueBadge&, const Actor&, const Now&);
  Change run(const StockCards&, const Actor&, const Now&);
  Change run(const IssueStaffBadge&, const Actor&, const Now&);
  Change run(const RevokeBadge&, const Actor&, const Now&);
  Change run(const ReturnBadge&, const Actor&, const Now&);
  Change run(const ChangeBadge&, const Actor&, const Now&);
  Change run(const PrintBadge&, const Actor&, const Now&);
  Change run(const ConfirmPrint&, const Actor&, const Now&);
  // The post: screening, escort, deposited items, shift
  Change run(const RecordScreening&, const Actor&, const Now&);
  Change run(const TestDetector&, const Actor&, const Now&);
  Change run(const AcceptView&, const Actor&, const Now&);
  Change run(const MoveEscort&, const Actor&, const Now&);
  Change run(const DepositItem&, const Actor&, const Now&);
  Change run(const MoveDeposit&, const Actor&, const Now&);
  Change run(const StartShift&, const Actor&, const Now&);
  Change run(const HandOver&, const Actor&, const Now&);
  Change run(const AcceptShift&, const Actor&, const Now&);
  Change run(const SetPost&, const Actor&, const Now&);
  // Rules of access
  Change run(const ReleasePortal&, const Actor&, const Now&);
  Change run(const ForgivePassback&, const Actor&, const Now&);
  Change run(const ExemptPassback&, const Actor&, const Now&);
  Change run(const SetPortalMode&, const Actor&, const Now&);
  Change run(const StartLockdown&, const Actor&, const Now&);
  Change run(const EndLockdown&, const Actor&, const Now&);
  Change run(const Panic&, const Actor&, const Now&);
  Change run(const StartMuster&, const Actor&, const Now&);
  Change run(const MarkSafe&, const Actor&, const Now&);
  Change run(const EndMuster&, const Actor&, const Now&);
  Change run(const AcknowledgeAlarm&, const Actor&, const Now&);
  // Accounts
  Change run(const AddUser&, const Actor&, const Now&);
  Change run(const DisableUser&, const Actor&, const Now&);
  Change run(const SetPassword&, const Actor&, const Now&);
  Change run(const OpenSession&, const Actor&, const Now&);
  Change run(const TouchSession&, const Actor&, const Now&);
  Change run(const SetPin&, const Actor&, const Now&);
  Change run(const RemovePins&, const Actor&, const Now&);
  Change run(const FailPin&, const Actor&, const Now&);
  Change run(const ProvePin&, const Actor&, const Now&);
  Change run(const CloseSession&, const Actor&, const Now&);
  Change run(const SignCheckpoint&, const Actor&, const Now&);
  Change run(const MakeKey&, const Actor&, const Now&);
  // Personal data
  Change run(const AdoptRetention&, const Actor&, const Now&);
  Change run(const AgreeRetention&, const Actor&, const Now&);
  Change run(const ApproveRetention&, const Actor&, const Now&);
  Change run(const EraseNext&, const Actor&, const Now&);
  Change run(const FilesGone&, const Actor&, const Now&);
  Change run(const ScrubPages&, const Actor&, const Now&);
  Change run(const FinishErasure&, const Actor&, const Now&);
  Change run(const SetHold&, const Actor&, const Now&);
  Change run(const ReleaseHold&, const Actor&, const Now&);
  Change run(const OpenCase&, const Actor&, const Now&);
  Change run(const CloseCase&, const Actor&, const Now&);
  Change run(const NoteReading&, const Actor&, const Now&);
  Change run(const NoteBadgeShown&, const Actor&, const Now&);
  Change run(const NoteBackup&, const Actor&, const Now&);
  Change run(const NoteRefusal&, const Actor&, const Now&);
  Change run(const ResumeGranting&, const Actor&, const Now&);

  DecisionInput look(const AccessPointConfig& point, const Badge* badge, const Now& now) const;
  void look_at_releases(DecisionInput& input, const AccessPointConfig& point, const Badge* badge) const;
  void grant(Change& change, const AccessPointConfig& point, Entry entry, BootTime asked);
  void deny(Change& change, Entry entry, const Decision& decision, const AccessPointConfig* point, const Badge* badge);
  Millis extra_time(const VisitId& visit, const PortalConfig& portal) const;
  void note_unscreened(Change& change, const Entry& taken);
  bool interlock_busy(const Portal& portal) const;
  std::optional<Change> answer_case(Change& change, CaseClosed& closed, const SubjectCase& it, const CloseCase& asked,
                                    const Actor& actor, const Now& now, std::string& words);
  bool chamber_over(const AreaId& area, const Now& now) const;
  const LockdownPlan* lockdown_over(const AccessPointConfig& point) const;
  bool is_locked_down(const Portal& portal) const;
  void start_lockdown(Change& change, const LockdownPlan& plan, const Actor& actor, const Now& now);
  void begin_release(const Entry& entry);
  void follow_escort(const Entry& entry);
  void portal_facts(Change& change, Portal& portal, const PortalFacts& facts);
  void detector_fact(Change& change, const Detector& detector, const DetectorNews& news);
  void lane_changed(Change& change, const Detector& detector, const DetectorNews& news);
  void lane_well(Change& change, const std::string& detector);
  void health_timers(Change& change, const Now& now);
  bool chatters(const std::string& signal) const;
  void unplanned_passage(Change& change, const Detector& detector);

  void visit_timers(Change& change, const Visit& visit, const Now& now);
  void site_timers(Change& change, const Now& now);
  void close_of_day(Change& change, const Now& now);
  void follow_schedules(Change& change, const Now& now);
  std::optional<PortalMode> scheduled_mode(const Portal& portal, const Now& now) const;
  void escort_timers(Change& change, const Now& now);
  std::optional<UtcTime> next_due(const Visit& visit) const;
  std::optional<UtcTime> next_due() const;
  // The first instant after `after` at which the site's clock shows `minutes`.
  UtcTime next_at(Minutes minutes, UtcTime after) const;

  void raise(Change& change, AlarmKind kind, const std::string& subject, const VisitId& visit = {}, bool silent = false);
  void clear(Change& change, AlarmKind kind, const std::string& subject, bool silent = false);
  const Alarm* find_alarm(AlarmKind kind, const std::string& subject, bool active, bool silent = false) const;

  // Whom a form means: a known person, a new one, or one of `ask`, which the user has to choose.
  struct Who {
    std::optional<KnownPerson> known;
    std::vector<KnownPerson> ask;
    bool by_number = false;  // `ask`: of the same number
  };
  Result<Who> who_is(const GuestForm& form, bool arrives);
  Result<KnownPerson> person_meant(const GuestForm& form, bool arrives);
  static Change ask_who(const Who& who);
  // Refuses the number of another guest who has an open visit.
  std::optional<Change> other_open(const GuestForm& form, const GuestId& guest);
  // Whom a line of a list means. `of_this_list`: an earlier line makes this guest.
  struct RowGuest {
    std::optional<GuestId> known;
    std::string full_name;
    bool of_this_list = false;
  };
  Result<std::optional<RowGuest>> guest_of_row(const GuestRow& row, const RowsSoFar& so_far,
                                               std::vector<RowMistake>& mistakes);
  // Which visit a plan makes or joins.
  struct PlannedAs {
    GuestId guest;
    VisitId visit;
    bool new_guest = false, new_visit = false, here = false;
  };
  PlannedAs place_plan(const std::optional<GuestId>& known, UtcTime from);
  bool is_put_to_another(const PlannedAs& as, const Actor& actor) const;
  void write_plan(Change& change, const GuestForm& form, UtcTime from, UtcTime until, const PlannedAs& as,
                  const Actor& actor, const Now& now);
  void invite_again(Change& change, const Visit& visit, const VisitId& next, UtcTime when, const Actor& actor);
  void uninvite(Change& change, const Visit& visit, const Actor& actor, const char* why);
  std::string second_aide() const;
  bool is_put_to(const UserId& aide, const Visit& visit) const;  // may they decide it?
  Entry question(EventType type, const Actor& actor, const Visit& visit, bool again = false) const;
  void leave(Change& change, const Visit& visit, const Actor& actor, VisitState outcome);
  // Of the Change's last entry, which says that this badge is to be printed.
  void order_print(Change& change, std::string token, std::string category, UtcTime valid_until, const Now& now) const;
  void end_open_prints(Change& change) const;
  void bring_back(Change& change, const Badge& badge, const Actor& actor);
  std::optional<std::string> why_not_leave(const Visit& visit) const;
  // A refusal where the picture is another's than this guest's (none: a new one).
  std::optional<Change> foreign_picture(const std::string& hash, const std::string& portrait_of,
                                        const std::optional<GuestId>& guest);
  HoursVerdict hours_for(const std::string& category, bool invited, const Now& now) const;

  const AccessPointConfig* find_point(const ReaderId& reader) const;
  const AccessPointConfig* find_point(const AccessPointId& id) const;
  const Area* find_area(const AreaId& id) const;
  Portal* find_portal(const PortalId& id);
  const Portal* find_portal(const PortalId& id) const;
  const Visit* find_open_visit(const VisitId& id) const;
  const Visit* only_visit_to_screen() const;
  bool too_many_useless(const ReaderId& reader, BootTime at);
  std::string random_id(const char* prefix);
  std::string random_bytes(std::size_t count);

  const SiteConfig config_;
  SiteState state_;
  RegistryLookup& registry_;
  PersonalDataLookup* const personal_data_;
  Randomness randomness_;
  std::vector<Portal> portals_;
  std::vector<Detector> detectors_;
  std::set<std::string> failed_tests_;  // detectors that did not find the test piece, since this start
  std::map<std::string, DeviceHealth> devices_;
  std::map<std::string, Level> panic_levels_;
  // A line that is opened anew at once is no alarm; twice within a minute it is, and so is one that stays down. At a start
  // all devices are still connecting.
  struct Watched {
    HealthDamper damper;
    std::optional<BootTime> outage;  // when the last one began
    std::optional<BootTime> alarm_at;
  };
  std::map<std::string, Watched> health_;      // by device
  std::map<std::string, HealthDamper> lanes_;  // of detectors
  const BootTime connected_by_;
  const UtcTime started_;                                         // no earlier close of day is made up for
  std::map<ReaderId, std::vector<BootTime>> useless_reads_;       // the recent ones, per reader
  std::map<AccessPointId, WaitingSecond> waiting_second_;         // of two-person areas
  std::map<AreaId, EscortGroup> escorts_;                         // of ordered areas
  Now latest_;                                                    // of the last step: deadlines are told in boot time
  mutable std::optional<std::optional<UtcTime>> next_due_known_;  // made anew after each commit
  ClockQuality clock_ = ClockQuality::ok;
  std::string storage_problem_;
};

}  // namespace gapura::gateway
