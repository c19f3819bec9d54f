// SPDX-License-Identifier: Apache-2.0
// The other half of the mock: what happens to a visit after the desk, and the post as a whole. Kept as far as a screen sees it.
import { randomBytes } from "node:crypto";

const zone_ms = 8 * 3600_000; // Asia/Makassar
export const stamp = (at = Date.now()) => new Date(at + zone_ms).toISOString().replace("Z", "+08:00");
const newId = () => randomBytes(8).toString("hex");

// A short SOP in the order of a residence: the facts are those of models/sop.cpp.
export const sampleSop = {
  id: "SOP-CONTOH-03/2026#0", number: "SOP-CONTOH-03/2026", title: "Penerimaan Tamu Umum di Kediaman", unit: "Contoh", revision: 0, hash: "0".repeat(64),
  effective: stamp(Date.now() - 864e5), categories: ["general"], gates: [],
  steps: [
    ["identity", "Mencocokkan kartu identitas dengan tamu, lalu mengembalikannya saat itu juga", "guard", "attested", null],
    ["badge", "Menyerahkan kartu tamu dan menjelaskan cara pemakaiannya", "guard", "system", "badge.issued"],
    ["screening", "Mempersilakan tamu melewati gerbang deteksi logam", "guard", "system", "checkpoint.disposed"],
    ["request", "Menyampaikan permohonan bertamu kepada ajudan", "guard", "system", "approval.asked"],
    ["decision", "Memutuskan permohonan bertamu setelah melapor kepada pimpinan", "aide", "system", "approval.decided"],
    ["escort", "Mengantar tamu ke kediaman", "guard", "system", "escort.started"],
  ].map(([id, activity, executor, evidence, event]) => ({ id, activity, executor, evidence, event, symbol: "process", inputs: [], time_limit_s: null, output: "" })),
};

export class MockSite {
  sops = [];
  deposits = [];
  attentionList = [];
  attentionNames = [];
  foreground = []; // paths of reads that a person asked for
  background = []; // and of those that a screen asks by itself
  leader = null;
  roll = null;
  undo = new Map(); // event number → the way back
  hoursNow = { open: true, reason: null, rule: null, sunset: null, next_open: null };
  shift = { entry: null, guards: [], handed_to: null, attended: true, note: null };
  lockdowns = [
    { id: "all", name: "Tutup semua", areas: ["waiting_room", "residence"], rank: 2, may_pass: ["leaving"], revert_minutes: 60, active: false, entry: null, until: null },
    { id: "residence", name: "Tutup kediaman", areas: ["residence"], rank: 1, may_pass: ["staff", "leaving"], revert_minutes: null, active: false, entry: null, until: null },
  ];

  nextStep(visit, badges) {
    if (!visit.sop || visit.closed || visit.state === "planned") return null;
    const done = {
      "badge.issued": () => badges.some((one) => !one.ended), "checkpoint.disposed": () => /^(clear|cleared_by_check|alternative)$/.test(visit.screening),
      "approval.asked": () => visit.approval !== "none", "approval.decided": () => /^(accepted|accepted_later|declined)$/.test(visit.approval),
      "escort.started": () => visit.escort !== "none",
    };
    const open = this.sops[0].steps.find((step) => (step.event ? !done[step.event]() : !visit.attested.includes(step.id)));
    return open ? { step: open.id, activity: open.activity, executor: open.executor, evidence: open.evidence } : null;
  }
  undoable(event, visit, was) {
    this.undo.set(event.number, () => Object.assign(visit, was));
  }
  takeBack(number, user) {
    const back = this.undo.get(number) ?? this.fail(409, "conflict", "tidak bisa diurungkan");
    this.undo.delete(number);
    back();
    const { type, visit } = this.events[number];
    return { entry: this.emit("undone", { of: type }, { visit, ref: number, actor: user.name }).number };
  }
  change(id, part, type, data, user, note) {
    Object.assign(this.visit(id), part);
    const event = this.emit(type, data, { visit: id, actor: user.name, note });
    return { shape: this.shape(this.visit(id)), event };
  }
  screen(id, { result, note, same_gender }, user) {
    const visit = this.visit(id);
    if (/^(manual_check|cleared_by_check)$/.test(result) && !same_gender && !note) this.fail(400, "bad_input", "sesama jenis");
    if (result === "alternative" && !note) this.fail(400, "bad_input", "alasan");
    if (result === "rewalk" && /^(pending|passed_through|clear)$/.test(visit.screening)) this.fail(409, "conflict", "belum berbunyi");
    const was = { screening: visit.screening, metal_found: visit.metal_found };
    const { shape, event } = this.change(id, { screening: result, metal_found: result === "alarm" ? stamp() : null }, "screening_recorded", { result, same_gender }, user, note);
    this.undoable(event, visit, was);
    return shape;
  }
  move(id, to, user) {
    const was = { state: this.visit(id).state };
    const { shape, event } = this.change(id, { state: to }, "visit_moved", { from: was.state, to }, user);
    this.undoable(event, this.visit(id), was);
    return shape;
  }
  escort(id, to, user) {
    const { shape } = this.change(id, { escort: to, escorted_by: user.name, ...(to === "started" ? { state: "escorted" } : {}) }, "escort_moved", { to }, user);
    if (to === "started" && this.shift.guards.length <= 1) this.attend(false);
    if (to === "returned") this.attend(true);
    return shape;
  }
  permit(visit, user) {
    Object.assign(visit, { members_permit: user.name, members_limit: null });
  }
  // The roster; T2 asks the second by name.
  roster = { first: null, second: null, offered_to: null };
  aides() {
    return this.users.filter((one) => one.role === "aide" && !one.disabled).map(({ id, name }) => ({ id, name }));
  }
  // Who is off duty is shown the guests that are theirs alone.
  forRoster(visits, user) {
    const { first, second } = this.roster;
    if (user.role !== "aide" || !first || first.id === user.id || second?.id === user.id) return visits;
    return visits.filter((visit) => visit.second_aide?.id === user.id);
  }
  rosterNow = () => ({ ...this.roster, aides: this.aides() });
  become(part, why, user) {
    Object.assign(this.roster, { offered_to: null }, part);
    this.emit("duty_changed", { first: this.roster.first?.id ?? "", second: this.roster.second?.id ?? "", why }, { actor: user.name });
    return this.rosterNow();
  }
  askSecond(id) {
    const visit = this.visit(id);
    Object.assign(visit, { escalation: 2, second_aide: this.roster.second });
    this.emit("approval_escalated", { level: 2, ...(this.roster.second ? { to: this.roster.second.id } : { no_second: true }) }, { visit: id });
  }
  hosts = [
    { id: "pimpinan", name: "Pimpinan", unit: null, receives: true, escorts: false },
    { id: "biro-umum", name: "Kepala Biro Umum", unit: "Biro Umum", receives: true, escorts: false },
    { id: "ajudan-1", name: "Ajudan Contoh 01", unit: null, receives: false, escorts: true },
  ];
  attend(attended) {
    if (this.shift.attended === attended) return;
    this.shift.attended = attended;
    this.emit("post_changed", { attended });
  }
  receipt(id, seen, user) {
    const visit = this.visit(id);
    const asked = [this.roster.first?.id, visit.second_aide?.id];
    if (asked[0] && !asked.includes(user.id)) return this.shape(visit);
    const to = seen ? "seen" : "delivered";
    if (!/^(sent|delivered)$/.test(visit.approval) || visit.approval === to) return this.shape(visit);
    return this.change(id, { approval: to }, "approval_received", { receipt: to }, user).shape;
  }
  changeBadge(id, to, user) {
    const badge = this.badge(id);
    const from = badge.state;
    Object.assign(badge, { state: to, suspended: to === "suspended", ended: /^(suspended|active|issued)$/.test(to) ? null : stamp() });
    this.emit("badge_changed", { from, to }, { badge: id, visit: badge.visit || null, actor: user.name });
    return badge;
  }
  printed(id, yes, user) {
    this.emit("badge_printed", { printed: yes }, { badge: id, visit: this.badge(id).visit, actor: user.name });
    this.badge(id).print = yes ? "confirmed" : "none";
    if (!yes) this.endBadge(this.badge(id), "revoked", "not_printed", user);
    return this.badge(id);
  }
  printAgain(id, user) {
    this.badge(id).print = "ordered";
    this.emit("badge_print_ordered", { printer: "pos" }, { badge: id, visit: this.badge(id).visit, actor: user.name });
    return this.badge(id);
  }
  printerSays(id, outcome) {
    this.badge(id).print = outcome;
    this.emit("badge_print_ended", { outcome, detail: "" }, { badge: id, visit: this.badge(id).visit, actor: "device" });
  }
  made(kind, name) {
    const badge = { id: `${kind[0]}-${newId()}`, kind, state: kind === "card" ? "in_stock" : "issued", visit: "", name, host: kind === "staff" ? name : null, issued: stamp(), valid_until: stamp(Date.now() + 31e9), ended: null, suspended: false, reason: "", print: "none", code: "7K3M9XC" };
    this.badges.push(badge);
    this.emit(kind === "card" ? "badge_stocked" : "badge_issued", {}, { badge: badge.id });
    return badge;
  }
  people() {
    return this.visits.filter((one) => !one.closed && /^(waiting_room|inside)$/.test(one.presence));
  }
  areaList() {
    const count = (presence) => this.people().filter((one) => one.presence === presence).reduce((sum, one) => sum + one.party, 0);
    return [
      { id: "outside", name: "Luar", people: 0, limit: null, passback: "off", two_person: false, escort: "off" },
      { id: "waiting_room", name: "Ruang tunggu", people: count("waiting_room"), limit: 20, passback: "off", two_person: false, escort: "off" },
      { id: "residence", name: "Kediaman", people: count("inside"), limit: null, passback: "off", two_person: false, escort: "off" },
    ];
  }
  lock(id, active, user) {
    const plan = this.lockdowns.find((one) => one.id === id) ?? this.fail(404, "not_found");
    Object.assign(plan, { active, until: active && plan.revert_minutes ? stamp(Date.now() + plan.revert_minutes * 60_000) : null });
    this.emit(active ? "lockdown_started" : "lockdown_ended", { plan: id }, { actor: user.name });
    return plan;
  }
  muster() {
    const people = this.people().map((one) => ({
      visit: one.id, name: one.name, party: one.party, presence: one.presence, presence_at: one.arrived,
      where: { [one.presence === "inside" ? "residence" : "waiting_room"]: one.party }, safe: this.roll?.safe.has(one.id) ?? false,
    }));
    return { entry: this.roll?.entry ?? null, started: this.roll?.started ?? null, safe: people.filter((one) => one.safe).length, people, staff: [] };
  }
  rollCall(running, user) {
    const event = this.emit(running ? "muster_started" : "muster_ended", {}, { actor: user.name });
    this.roll = running ? { entry: event.number, started: event.time, safe: new Set(), at: {} } : null;
    return this.muster();
  }
  mark(id, at, user) {
    if (!this.roll) this.fail(409, "conflict", "tidak ada apel");
    if (!this.roll.safe.has(id)) {
      this.roll.safe.add(id);
      this.roll.at[id] = at;
      this.emit("muster_marked", { at }, { visit: id, actor: user.name });
    }
    return this.muster();
  }
  duty() {
    const colleagues = this.users.filter((one) => one.role === "guard" && !one.disabled).map(({ id, name }) => ({ id, name }));
    return {
      ...this.shift, colleagues, to_hand_over: {
        visits: this.visits.filter((one) => !one.closed && one.state !== "planned").length, badges: this.listBadges("out").length,
        deposits: this.deposits.filter((one) => one.state !== "returned").length, alarms: this.standingAlarms().length,
        devices_offline: this.devices.filter((one) => !one.online).map((one) => one.id),
      },
    };
  }
  turn(type, part, user, note) {
    Object.assign(this.shift, part);
    this.emit(type, {}, { actor: user.name, note });
    return this.duty();
  }
  report() {
    const fix = new Map();
    for (const { kind, subject } of this.alarms) fix.set(subject, [...(fix.get(subject) ?? []), kind]);
    return {
      rate: { day: this.alarms.length, per_10_minutes: this.alarms.length / 144, worst_10_minutes: this.alarms.length }, chattering: [], stale: [],
      fix: [...fix].map(([subject, kinds]) => ({ subject, times: kinds.length, kinds: [...new Set(kinds)].map((kind) => ({ kind, times: kinds.filter((one) => one === kind).length })) })),
    };
  }
}

const person = ({ id, name }) => ({ id, name });
export const siteRoutes = (post) => [
  ["GET", "/log/checkpoint", "", () => post.record.checkpoint()],
  ["GET", "/log/consistency", "", (_, __, ___, query) => ({ proof: post.record.consistency(Number(query.get("from"))) })],
  ["GET", "/visits/debts", "", () => {
    const visits = post.listVisits("open").filter((one) => one.in_debt);
    return { visits, total: visits.length, more: null };
  }],
  ["POST", "/visits/plan", "", (_, body) => [201, post.plan(body)]],
  ["POST", "/visits/:id/permit", "aide guard", ([id], body, user) => {
    if (user.role === "guard" && !body.verbal) post.fail(403, "not_permitted", "verbal");
    post.permit(post.visit(id), user);
    return post.change(id, {}, "limit_permitted", { measure: "members_inside" }, user, body.reason).shape;
  }],
  ["POST", "/visits/:id/exempt", "aide admin", ([id], body, user) => post.change(id, { passback_exempt: true }, "passback_exempted", {}, user, body.reason).shape],
  ["POST", "/visits/:id/deviation", "guard aide", ([id], body, user) => post.change(id, {}, "deviation_noted", { kind: body.kind }, user, body.reason).shape],
  ["POST", "/detectors/:id/test", "guard", ([id], body, user) => ({ entry: post.emit("detector_tested", { alarmed: body.alarmed }, { point: id, actor: user.name }).number })],
  ["GET", "/hosts", "", () => ({ hosts: post.hosts })],
  ["GET", "/duty", "", () => post.rosterNow()],
  ["POST", "/duty/take", "aide admin", (_, body, user) => {
    const who = post.aides().find((one) => one.id === (body.user ?? user.id)) ?? post.fail(400, "bad_input", "user");
    const place = body.second ? "second" : "first";
    if (post.roster[place] && !body.user && !body.over) post.fail(409, "conflict", "sudah ada");
    const other = body.second ? "first" : "second";
    return post.become({ [place]: who, ...(post.roster[other]?.id === who.id ? { [other]: null } : {}) }, body.user ? "appointed" : body.over ? "taken_over" : "taken", user);
  }],
  ["POST", "/duty/offer", "aide", (_, body, user) => {
    post.roster.offered_to = post.aides().find((one) => one.id === body.to);
    post.emit("duty_offered", { to: body.to }, { actor: user.name });
    return post.rosterNow();
  }],
  ["POST", "/duty/accept", "aide", (_, __, user) => post.become({ first: person(user), second: post.roster.second?.id === user.id ? null : post.roster.second }, "handed_over", user)],
  ["POST", "/duty/leave", "aide", (_, __, user) => post.become({ first: post.roster.first?.id === user.id ? post.roster.second : post.roster.first, second: null }, "left", user)],
  ["POST", "/visits/:id/complete", "guard", ([id], body, user) => post.change(id, { purpose: body.purpose, whom: body.whom, in_debt: false }, "visit_completed", {}, user).shape],
  ["POST", "/visits/:id/move", "", ([id], body, user) => post.move(id, body.to, user)],
  ["POST", "/visits/:id/attest", "guard aide", ([id], body, user) => post.change(id, { attested: [...post.visit(id).attested, body.step] }, "step_attested", { step: body.step }, user).shape],
  ["POST", "/visits/:id/attention", "guard aide", ([id], body, user) => {
    if (!body.reason) post.fail(400, "bad_input", "reason");
    return post.change(id, { attention: body.is_match ? "match" : "no_match" }, "attention_decided", {}, user).shape;
  }],
  ["POST", "/visits/:id/receipt", "aide", ([id], body, user) => post.receipt(id, body.seen, user)],
  ["POST", "/visits/:id/answer", "guard", ([id], body, user) => post.change(id, { approval: "sent", asked: stamp(), approval_version: post.visit(id).approval_version + 1 }, "approval_answered", {}, user, body.answer).shape],
  ["POST", "/visits/:id/withdraw", "guard", ([id], body, user) => post.change(id, { approval: "withdrawn" }, "approval_withdrawn", {}, user, body.reason).shape],
  ["POST", "/visits/:id/verbal", "aide", ([id], body, user) => post.change(id, { verbal: body.confirmed ? "confirmed" : "disputed" }, "verbal_reviewed", { confirmed: body.confirmed }, user, body.reason).shape],
  ["POST", "/visits/:id/screening", "guard", ([id], body, user) => post.screen(id, body, user)],
  ["POST", "/visits/:id/escort", "guard", ([id], body, user) => post.escort(id, body.to, user)],
  ["POST", "/visits/:id/deposits", "guard", ([id], body, user) => {
    const item = { id: newId(), visit: id, name: post.visit(id).name, state: "received", what: body.what, tag: body.tag, locker: body.locker ?? "" };
    post.deposits.push(item);
    post.emit("deposit_moved", { to: "received" }, { visit: id, actor: user.name });
    return [201, item];
  }],
  ["POST", "/deposits/:id/move", "guard", ([id], body, user) => {
    const item = post.deposits.find((one) => one.id === id);
    item.state = body.to;
    post.emit("deposit_moved", { to: body.to }, { visit: item.visit, actor: user.name });
    return item;
  }],
  ["POST", "/events/:id/undo", "guard aide", ([id], _, user) => post.takeBack(Number(id), user)],
  ["POST", "/badges/stock", "admin", (_, body) => [201, { cards: Array.from({ length: body.count }, () => post.made("card", "")).map((one) => ({ badge: one.id, token: "", qr: `/api/v1/badges/${one.id}/qr.png` })) }]],
  ["POST", "/badges/staff", "admin", (_, body) => {
    const badge = post.made("staff", body.host);
    return [201, { badge, token: "", qr: `/api/v1/badges/${badge.id}/qr.png`, page: `/api/v1/badges/${badge.id}/page` }];
  }],
  ["POST", "/badges/:id/change", "admin guard", ([id], body, user) => post.changeBadge(id, body.to, user)],
  ["POST", "/badges/:id/print", "admin guard", ([id], body, user) => [202, post.printAgain(id, user)]],
  ["POST", "/badges/:id/printed", "admin guard", ([id], body, user) => post.printed(id, body.printed, user)],
  ["POST", "/passback/forgive", "admin guard", (_, body, user) => ({ entry: post.emit("passback_forgiven", {}, { visit: body.visit, actor: user.name }).number })],
  ["POST", "/portals/:id/mode", "admin guard", ([id], body, user) => {
    const portal = post.portals.find((one) => one.id === id);
    portal.mode = body.mode;
    post.emit("mode_changed", { mode: body.mode }, { point: id, actor: user.name, note: body.reason });
    return portal;
  }],
  ["GET", "/areas", "", () => ({ areas: post.areaList() })],
  ["GET", "/lockdowns", "", () => ({ lockdowns: post.lockdowns })],
  ["POST", "/lockdowns/:id/start", "", ([id], _, user) => post.lock(id, true, user)],
  ["POST", "/lockdowns/:id/end", "", ([id], _, user) => post.lock(id, false, user)],
  ["POST", "/panic", "", (_, body, user) => {
    if (body.silent) post.emit("duress_signalled", {}, { point: body.where, actor: user.name });
    post.raise("panic", "critical", body.where, body.silent === true);
    return [202, { entry: post.events.length - 1 }];
  }],
  ["GET", "/muster", "", () => post.muster()],
  ["POST", "/muster/start", "", (_, __, user) => post.rollCall(true, user)],
  ["POST", "/muster/mark", "", (_, body, user) => post.mark(body.visit, body.at, user)],
  ["POST", "/muster/end", "", (_, __, user) => post.rollCall(false, user)],
  ["GET", "/shift", "", () => post.duty()],
  ["POST", "/shift/start", "guard", (_, __, user) => post.turn("shift_started", { guards: [...post.shift.guards, person(user)] }, user)],
  ["POST", "/shift/handover", "guard", (_, body, user) => post.turn("shift_handed_over", { handed_to: person(post.user(body.to)), note: body.note ?? null }, user, body.note)],
  ["POST", "/shift/accept", "guard", (_, __, user) => post.turn("shift_accepted", { guards: [person(user)], handed_to: null }, user)],
  ["POST", "/post", "guard", (_, body) => (post.attend(body.attended), post.duty())],
  ["GET", "/leader", "", () => ({ state: post.leader })],
  ["POST", "/leader", "aide admin", (_, body) => {
    post.leader = body.state;
    post.emit("leader_changed", { state: body.state });
    return { state: body.state };
  }],
  ["GET", "/hours", "", () => post.hoursNow],
  ["GET", "/sop", "", () => ({ sops: post.sops })],
  ["GET", "/attention", "admin", () => ({ people: post.attentionList })],
  ["POST", "/attention", "admin", (_, body) => {
    const one = { id: newId(), name: body.name, phone: body.phone ?? "", why: body.why, blocks: body.blocks === true, made: stamp() };
    post.attentionList.push(one);
    post.attentionNames.push(body.name);
    post.emit("attention_listed");
    return [201, one];
  }],
  ["GET", "/alarms/report", "", () => post.report()],
];
