// SPDX-License-Identifier: Apache-2.0
// The state behind the mock server: visits, badges, doors and a journal in memory. All people are sample people.
import { randomBytes } from "node:crypto";
import { MockRecord } from "./mock_record.mjs";
import { MockSite } from "./mock_site.mjs";

const zone_ms = 8 * 3600_000; // Asia/Makassar
const minute = 60_000;
const stamp = (at = Date.now()) => new Date(at + zone_ms).toISOString().replace("Z", "+08:00");
const newId = () => randomBytes(8).toString("hex");

export class MockPost extends MockSite {
  site = { id: "demo", name: "Pos Jaga Demo", timezone: "Asia/Makassar", language: "id" };
  record = new MockRecord();
  users = [];
  visits = [];
  badges = [];
  events = [];
  alarms = [];
  pictures = new Map();
  tokens = new Map();
  waitingPass = null; // a grant whose passage is due
  granting = true;
  clock = "ok";
  onEvent = () => {};

  constructor({ sample = true, setup = false } = {}) {
    super();
    this.setup = setup;
    if (!setup) {
      for (const [name, role] of [["petugas", "guard"], ["ajudan", "aide"], ["admin", "admin"]]) this.addUser(name, role, "contoh-contoh");
    }
    const since = stamp(Date.now() - 3 * 3600_000);
    const camera = (id, fps, online = true) => ({
      id, kind: "camera", online, since, detail: online ? "" : "Server gambar tidak menjawab.", fault: online ? "" : "no_connection",
      stats: { fps, decode_ms: 6.2, search_ms: 11.8, frame_age_ms: 43, reads: 12, restarts: 0 },
    });
    this.devices = [
      camera("cam-gate", 25), camera("cam-exit", 25), camera("cam-door", 24.9), camera("cam-waiting", 12.5),
      { id: "gate1", kind: "controller", online: true, since, detail: "", stats: { order_ms_p50: 2.1, order_ms_p99: 5.7, poll_ms_p99: 3.3, errors: 0 } },
      { id: "door1", kind: "controller", online: true, since, detail: "", stats: { order_ms_p50: 2.3, order_ms_p99: 6.1, poll_ms_p99: 3.2, errors: 0 } },
      { id: "wtmd", kind: "detector", online: true, since, detail: "", stats: { passages: 9, alarms: 1 } },
    ];
    const portal = (id, name, kind, points) => ({
      id, name, kind, mode: "locked", mode_by: null, unlocked_until: null, unlocks: null, contact: kind === "door" ? "off" : "unknown", lock: { commanded: false, observed: "off" },
      age_ms: 120, online: true, points, alarms: [],
    });
    this.portals = [
      portal("gate", "Gerbang putar", "turnstile", [
        { id: "gate.in", from: "outside", to: "waiting_room", reader: "r-gate-in", device: "cam-gate" },
        { id: "gate.out", from: "waiting_room", to: "outside", reader: "r-gate-out", device: "cam-exit" },
      ]),
      portal("inner-door", "Pintu kediaman", "door", [{ id: "inner-door.in", from: "waiting_room", to: "residence", reader: "r-door-in", device: "cam-door" }]),
    ];
    this.emit("site_opened", {}, { actor: "system" });
    if (sample) this.fill();
  }

  fill() {
    const guard = this.users[0];
    const ago = (minutes) => stamp(Date.now() - minutes * minute);
    const make = (n, purpose, whom, part, minutes) => {
      const name = `Tamu Contoh ${String(n).padStart(2, "0")}`;
      const visit = this.register({ name, purpose, whom, category: part.category ?? "general", phone: `0800-0000-00${String(n).padStart(2, "0")}`, institution: part.institution, portrait: this.keepPicture(`portrait:${name}`) }, guard);
      Object.assign(this.visit(visit.id), { arrived: ago(minutes) }, part);
      return this.visit(visit.id);
    };
    make(1, "Audiensi program perpustakaan keliling", "Kepala Biro Umum", { institution: "Dinas Contoh Kota" }, 3);
    const sent = make(2, "Menyampaikan laporan triwulan", "Pimpinan", { institution: "Yayasan Contoh Nusantara" }, 9);
    this.ask(sent.id, guard);
    const special = make(3, "Memenuhi undangan silaturahmi", "Pimpinan", { institution: "Kantor Wilayah Contoh", category: "special" }, 6);
    this.ask(special.id, guard);
    sent.asked = ago(2.2);
    special.asked = ago(0.8);
    special.previous = [
      { arrived: ago(60 * 24 * 40), state: "departed", approval: "accepted" },
      { arrived: ago(60 * 24 * 95), state: "departed", approval: "accepted_later" },
    ];
    const accepted = make(4, "Konsultasi berkas hibah", "Bagian Hukum", { institution: "Koperasi Contoh Jaya" }, 14);
    this.ask(accepted.id, guard);
    this.decide(accepted.id, { decision: "accept_now", version: 1 }, this.users[1]);
    const badge = make(5, "Pekerjaan perbaikan pendingin ruangan", "Bagian Rumah Tangga", { institution: "CV Contoh Sejuk" }, 21);
    this.ask(badge.id, guard);
    this.decide(badge.id, { decision: "accept_now", version: 1 }, this.users[1]);
    this.issue(badge.id, {}, guard);
    const inside = make(6, "Audiensi rencana kerja sama", "Pimpinan", { institution: "Universitas Contoh" }, 52);
    this.ask(inside.id, guard);
    this.decide(inside.id, { decision: "accept_now", version: 1 }, this.users[1]);
    this.issue(inside.id, {}, guard);
    this.screen(inside.id, { result: "clear" }, guard);
    Object.assign(inside, { state: "in_meeting", presence: "inside" });
    const second = make(7, "Mengantar surat dinas", "Sekretariat", { institution: "Kantor Pos Contoh" }, 33);
    this.ask(second.id, guard);
    this.decide(second.id, { decision: "accept_now", version: 1 }, this.users[1]);
    this.issue(second.id, {}, guard);
    this.screen(second.id, { result: "cleared_by_check", same_gender: true }, guard);
    Object.assign(second, { state: "finished", presence: "waiting_room" });
    const declined = make(8, "Menawarkan barang", "Bagian Umum", { institution: "" }, 17);
    this.ask(declined.id, guard);
    this.decide(declined.id, { decision: "decline", reason: "no_appointment", version: 1 }, this.users[1]);
    // Of yesterday, and over: masked for everybody.
    const past = make(31, "Membahas naskah perjanjian", "Pimpinan", { institution: "Balai Contoh" }, 60 * 24);
    const closed = make(32, "Mengambil berkas", "Sekretariat", { institution: "Arsip Contoh", restricted: true }, 60 * 24 + 30);
    for (const one of [past, closed]) {
      Object.assign(one, { state: "departed", approval: "accepted", presence: "outside", closed: ago(60 * 23), waiting_still: this.keepPicture(`waiting:${one.name}`) });
      this.emit("visit_closed", { outcome: "departed" }, { visit: one.id, actor: guard.name });
    }
  }

  emit(type, data = {}, about = {}) {
    const event = {
      number: this.events.length, time: stamp(), type, point: about.point ?? null, actor: about.actor ?? "system",
      actor_id: this.users.find((one) => one.name === about.actor)?.id ?? about.actor ?? "system",
      visit: about.visit ?? null, badge: about.badge ?? null, ref: about.ref ?? null, data, note: about.note ?? null, pictures: [],
    };
    this.events.push(event);
    this.onEvent(event);
    return event;
  }
  fail(status, kind, detail) {
    throw new this.Problem(status, kind, detail);
  }

  userShape = ({ id, name, role, disabled }) => ({ id, name, role, disabled });
  addUser(name, role, password = `contoh-${newId().slice(0, 10)}`) {
    if (this.users.some((one) => one.name === name)) this.fail(409, "conflict", "nama sudah dipakai");
    const user = { id: newId(), name, role, disabled: false, password };
    this.users.push(user);
    this.emit("user_added");
    return { user: this.userShape(user), password };
  }
  user(id) {
    return this.users.find((one) => one.id === id) ?? this.fail(404, "not_found");
  }
  disableUser(id) {
    this.user(id).disabled = true;
    this.emit("user_disabled");
    return this.userShape(this.user(id));
  }
  resetPassword(id) {
    this.user(id).password = `contoh-${newId().slice(0, 10)}`;
    this.emit("user_password_set");
    return this.user(id).password;
  }

  keepPicture(name) {
    const hash = randomBytes(32).toString("hex");
    this.pictures.set(hash, name);
    return hash;
  }
  visit(id) {
    return this.visits.find((one) => one.id === id) ?? this.fail(404, "not_found");
  }
  // Over and of an earlier day, or restricted. `seen`: it was unmasked for this answer.
  isMasked(visit) {
    return visit.closed !== null && (visit.restricted || visit.arrived.slice(0, 10) < stamp().slice(0, 10));
  }
  masked(visit) {
    const stars = (text) => text.replace(/(\S)(\S*)/g, (_, first, rest) => first + "*".repeat(rest.length));
    return {
      ...visit, masked: true, name: visit.restricted ? "(dibatasi)" : stars(visit.name), phone: visit.restricted ? "" : `********${visit.phone.slice(-3)}`,
      institution: "", purpose: "", members: "", approval_reason: "", vehicle: null, identity_type: null, identity_last4: null, portrait: null, waiting_still: null,
    };
  }
  mayLoad(hash, user) {
    const all = this.visits.filter((one) => one.portrait === hash || one.waiting_still === hash);
    const read = (one) => this.events.some((event) => event.type === "data_read" && event.visit === one.id && event.actor_id === user.id && Date.now() - Date.parse(event.time) < 15 * minute);
    return !all.length || all.some((one) => !this.isMasked(one) || read(one));
  }
  unmask(id, reason, user) {
    const visit = this.visit(id);
    if (!reason) this.fail(400, "bad_input", "alasan kosong");
    if (visit.restricted) this.fail(403, "not_permitted", "dibatasi");
    this.emit("data_read", { what: "visit" }, { visit: id, actor: user.name, note: reason });
    return this.withEvents(this.shape(visit, true));
  }
  shape(visit, seen = false) {
    if (this.isMasked(visit) && !seen) return this.masked(this.shape(visit, true));
    const mine = this.badges.filter((one) => one.visit === visit.id);
    return {
      ...visit, masked: false, badge: mine[mine.length - 1] ?? null, badges: mine.filter((one) => /^(issued|active|suspended)$/.test(one.state)),
      deposits: this.deposits.filter((one) => one.visit === visit.id), next: this.nextStep(visit, mine),
    };
  }
  listVisits(state, date, find) {
    if (find) return this.listVisits("open").filter((one) => [one.name, one.institution, one.whom].some((text) => text.toLowerCase().includes(find.toLowerCase())));
    if (state === "unconfirmed") return this.visits.filter((one) => one.verbal === "unconfirmed").map((one) => this.shape(one));
    if (date) return this.visits.filter((one) => one.arrived.startsWith(date)).map((one) => this.shape(one));
    const list = state === "all" ? [...this.visits].sort((a, b) => b.arrived.localeCompare(a.arrived)) : this.visits.filter((one) => !one.closed);
    return list.map((one) => this.shape(one));
  }
  visitWithEvents(id) {
    return this.withEvents(this.shape(this.visit(id)));
  }
  withEvents(shape) {
    const events = this.events.filter((one) => one.visit === shape.id);
    return { ...shape, events, events_total: events.length };
  }
  register(body, user) {
    for (const field of body.quick ? ["name", "category"] : ["name", "purpose", "whom", "category"]) if (!body[field]) this.fail(400, "bad_input", `${field} kosong`);
    const plan = this.visits.find((one) => one.state === "planned" && one.name === body.name);
    const visit = { ...(plan ?? { id: newId() }), ...this.blank(body), state: "registered", presence: "at_post", arrived: stamp(), sop: this.sops[0]?.id ?? null };
    if (this.attentionNames.includes(body.name)) visit.attention = "possible";
    if (!this.hoursNow.open) visit.out_of_hours = true;
    if (plan) Object.assign(plan, visit);
    else this.visits.push(visit);
    this.emit("visit_registered", {}, { visit: visit.id, actor: user.name });
    return { ...this.shape(visit), ...(this.hoursNow.open ? {} : { hours: this.hoursNow }) };
  }
  blank(body) {
    return {
      name: body.name, phone: body.phone ?? "", institution: body.institution ?? "", purpose: body.purpose ?? "", whom: body.whom ?? "",
      category: body.category, party: body.party ?? 1, members: body.members ?? "", vehicle: body.vehicle ?? null,
      identity_type: body.identity_type ?? null, identity_last4: body.identity_last4 ?? null, in_debt: body.quick === true,
      out_of_hours: false, hours_permit: false, passback_exempt: false, attention: "none", approval: "none", approval_version: 0,
      approval_reason: "", escalation: 0, verbal: "none", second_aide: null, members_limit: null, members_permit: null, screening: "pending", metal_found: null, rewalks: 0, where: {}, escort: "none", escorted_by: null,
      portrait: body.portrait ?? null, waiting_still: null, expected: null, expected_until: null, asked: null, decided: null,
      hold_until: null, entered: null, finished: null, closed: null, attested: [], previous: [], invited: false, restricted: false, sop: null,
    };
  }
  plan(body) {
    const visit = { id: newId(), ...this.blank(body), state: "planned", presence: "outside", arrived: body.from, expected: body.from, expected_until: body.until, invited: true };
    this.visits.push(visit);
    this.emit("visit_planned", {}, { visit: visit.id });
    return this.shape(visit);
  }
  ask(id, user) {
    const visit = this.visit(id);
    if (/^(sent|delivered|seen)$/.test(visit.approval)) this.fail(409, "conflict", "the aide has been asked already");
    if (visit.state === "declined") this.fail(409, "conflict", "this visit waits for no decision");
    Object.assign(visit, { state: "waiting", approval: "sent", escalation: 0, second_aide: null, asked: stamp(), presence: "waiting_room", waiting_still: this.keepPicture(`waiting:${visit.name}`) });
    visit.approval_version++;
    this.emit("approval_asked", {}, { visit: id, actor: user.name });
    return this.shape(visit);
  }
  decide(id, body, user) {
    const visit = this.visit(id);
    if (body.version !== visit.approval_version) this.fail(409, "conflict", "sudah diputuskan");
    const to = {
      accept_now: "accepted", accept_later: "accepted_later", hold: "held", decline: "declined", refer: "referred",
      reschedule: "rescheduled", ask: "asked_back",
    }[body.decision];
    if (!to) this.fail(400, "bad_input", "decision");
    if (user.role === "guard" && !body.verbal) this.fail(403, "not_permitted", "verbal");
    const was = { approval: visit.approval, state: visit.state, approval_version: visit.approval_version };
    visit.approval = to;
    visit.approval_version++;
    visit.approval_reason = body.reason ?? "";
    visit.decided = stamp();
    visit.verbal = body.verbal ? "unconfirmed" : "none";
    if (body.all_members) this.permit(visit, user);
    visit.hold_until = body.minutes ? stamp(Date.now() + body.minutes * minute) : null;
    visit.state = { accepted: "called", declined: "declined", referred: "referred", rescheduled: "rescheduled" }[to] ?? "waiting";
    const event = this.emit("approval_decided", { decision: body.decision, verbal: body.verbal === true, when: body.when }, { visit: id, actor: user.name });
    this.undoable(event, visit, was);
    return this.shape(visit);
  }
  setPortrait(id, hash, user) {
    this.visit(id).portrait = hash;
    this.emit("portrait_set", {}, { visit: id, actor: user.name });
    return this.shape(this.visit(id));
  }

  badge(id) {
    return this.badges.find((one) => one.id === id) ?? this.fail(404, "not_found");
  }
  badgeShape = (badge) => badge;
  listBadges(state) {
    if (state === "stock") return this.badges.filter((one) => one.kind === "card" && one.state === "in_stock");
    return this.badges.filter((one) => state === "all" || one.state === "active" || one.state === "issued");
  }
  // The mock's numbers have no check symbol: 222… stands for a slip of one finger.
  findBadges(typed) {
    const code = typed.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
    if (code.startsWith("222")) this.fail(400, "bad_input", "not a badge's number");
    const badges = this.badges.filter((one) => one.code === code && /^(issued|active|suspended)$/.test(one.state));
    if (!badges.length) this.fail(404, "not_found", "no badge that is out");
    return { badges };
  }
  issue(id, { reason, another, card } = {}, user) {
    const visit = this.visit(id);
    if (card) return this.bind(visit, this.badge(card), user);
    const old = this.badges.filter((one) => one.visit === id && !one.ended);
    if (another && old.length >= visit.party) this.fail(409, "conflict", "setiap orang sudah punya kartu");
    if (old.length && !reason && !another) this.fail(409, "conflict", "kartu kedua memerlukan alasan");
    if (!another) for (const one of old) this.endBadge(one, "revoked", reason, user);
    const badge = { id: newId(), kind: "paper", host: null, suspended: false, state: "issued", visit: id, name: visit.name, issued: stamp(), valid_until: stamp(Date.now() + 4 * 3600_000), ended: null, reason: "", print: "none", code: ("7K3M9X" + newId()).toUpperCase().slice(0, 7) };
    this.badges.push(badge);
    const token = `G1:${randomBytes(16).toString("base64url")}`;
    this.tokens.set(token, badge.id);
    this.emit("badge_issued", {}, { visit: id, badge: badge.id, actor: user.name });
    return { badge, token, qr: `/api/v1/badges/${badge.id}/qr.png`, page: `/api/v1/badges/${badge.id}/page` };
  }
  bind(visit, card, user) {
    if (card.state !== "in_stock") this.fail(409, "conflict", "kartu ini tidak ada di stok");
    Object.assign(card, { state: "issued", visit: visit.id, name: visit.name, issued: stamp(), ended: null });
    this.emit("badge_issued", { kind: "card" }, { visit: visit.id, badge: card.id, actor: user.name });
    return { badge: card, token: null, qr: null, page: null };
  }
  endBadge(badge, state, reason, user) {
    Object.assign(badge, { state, ended: stamp(), reason: reason ?? "" });
    this.emit(state === "returned" ? "badge_returned" : "badge_revoked", {}, { visit: badge.visit, badge: badge.id, actor: user.name });
  }
  revoke(id, reason, user) {
    this.endBadge(this.badge(id), "revoked", reason, user);
    return { badge: this.badge(id), doors: this.portals.flatMap((one) => one.points).filter((one) => one.reader).map((one) => ({ point: one.id, refused: true, door: "refuses", last_heard: stamp() })) };
  }
  giveBack(id, user) {
    this.endBadge(this.badge(id), "returned", "", user);
    const visit = this.visit(this.badge(id).visit);
    if (visit.presence === "outside" && !visit.closed) this.end(visit, "departed", user);
    return this.badge(id);
  }
  end(visit, outcome, user) {
    const was = { state: visit.state, closed: null, presence: visit.presence };
    Object.assign(visit, { state: outcome, closed: stamp(), presence: "outside" });
    this.undoable(this.emit("visit_closed", { outcome }, { visit: visit.id, actor: user.name }), visit, was);
  }
  close(id, { outcome, reason }, user) {
    const visit = this.visit(id);
    const out = this.badges.find((one) => one.visit === id && !one.ended);
    if (out && !reason) this.fail(409, "conflict", "kartunya masih di luar");
    if (!reason && this.deposits.some((one) => one.visit === id && one.state !== "returned")) this.fail(409, "conflict", "titipan belum kembali");
    if (out) this.endBadge(out, "lost", reason, user);
    this.end(visit, outcome, user);
    return this.shape(visit);
  }

  standingAlarms(user) {
    return this.alarms.filter((one) => (one.active || !one.acknowledged_by) && !(one.silent && user?.role === "guard"));
  }
  raise(kind, priority, subject, silent = false) {
    const event = this.emit("alarm_raised", { kind, silent }, { point: subject });
    this.alarms.push({ number: event.number, kind, priority, subject, silent, active: true, raised: stamp(), cleared: null, acknowledged_by: null, handling: null });
  }
  acknowledge(number, handling, user) {
    const alarm = this.alarms.find((one) => one.number === number) ?? this.fail(404, "not_found");
    Object.assign(alarm, { acknowledged_by: user.name, handling, active: alarm.kind === "device_offline" ? alarm.active : false, cleared: stamp() });
    this.emit("alarm_acknowledged", { kind: alarm.kind, handling }, { point: alarm.subject, actor: user.name });
    return alarm;
  }
  listEvents(query) {
    const wanted = this.events.filter((one) => ["type", "visit", "badge"].every((name) => !query.get(name) || one[name] === query.get(name)));
    const limit = Number(query.get("limit") ?? 200);
    const after = query.get("after");
    const events = after === null ? wanted.slice(-limit) : wanted.filter((one) => one.number > Number(after)).slice(0, limit);
    return { events, last: this.events.length - 1 };
  }
  status() {
    return {
      version: "0.1.0-mock", site: this.site, started: stamp(Date.now() - 3 * 3600_000), time: stamp(), clock: this.clock, granting: this.granting,
      why_not: this.granting ? [] : [this.whyNot], journal: { entries: this.events.length, bytes: 4096 * this.events.length },
      disk: { free_bytes: 48e9 }, devices: this.devices, portals: this.portals,
      leader: this.leader, attended: this.shift.attended, lockdowns: this.lockdowns.filter((one) => one.active).map((one) => one.id), muster: this.roll !== null,
    };
  }

  acceptView(camera, user) {
    this.devices.find((one) => one.id === camera).fault = "";
    return this.emit("device_online", { kind: "camera", view: "accepted" }, { point: camera, actor: user.name }).number;
  }
  resume(user) {
    this.granting = true;
    return this.emit("granting_resumed", {}, { actor: user.name }).number;
  }
  release(point, reason, user) {
    if (!reason) this.fail(400, "bad_input", "alasan kosong");
    const event = this.emit("access_granted", { by: "guard" }, { point, actor: user.name });
    this.settle(event, null);
    return event.number;
  }
  // What the simulator's control port does.
  show({ camera, text, texts }) {
    const point = { gate: "gate.in", exit: "gate.out", door: "inner-door.in" }[camera];
    const badge = this.badges.find((one) => one.id === this.tokens.get(text));
    const visit = badge && this.visit(badge.visit);
    const reasons = [];
    if (texts) reasons.push("ambiguous_scan");
    else if (!/^G1:/.test(text ?? "")) reasons.push("malformed_payload");
    else if (!badge) reasons.push("unknown_badge");
    else {
      if (badge.state === "revoked" || badge.state === "lost") reasons.push(badge.state);
      if (badge.state === "returned") reasons.push("revoked");
      if (point !== "gate.out" && visit.screening === "pending") reasons.push("screening_missing");
      if (point !== "gate.out" && visit.screening === "alarm") reasons.push("screening_alarm");
      if (point !== "gate.out" && !visit.approval.startsWith("accepted")) reasons.push("not_approved");
    }
    const about = { point, badge: badge?.id, visit: visit?.id, actor: "device" };
    const event = reasons.length ? this.emit("access_denied", { reasons }, about) : this.emit("access_granted", { by: "badge" }, about);
    if (badge && badge.state === "issued" && !reasons.length) badge.state = "active";
    const hash = this.keepPicture(`scan:${visit?.name ?? "?"}`);
    setTimeout(() => this.emit("picture_kept", { hash, camera: `cam-${camera}` }, { ...about, ref: event.number }), 120);
    if (badge?.state === "revoked") this.raise("revoked_or_lost_used", "high", point);
    if (!reasons.length) this.settle(event, visit);
    return { shown: 1 };
  }
  settle(event, visit) {
    const due = { event, visit, timer: setTimeout(() => this.outcome(due, false), 6000) };
    this.waitingPass = due;
  }
  outcome(due, passed) {
    clearTimeout(due.timer);
    if (this.waitingPass === due) this.waitingPass = null;
    const { event, visit } = due;
    if (passed && visit) {
      const inward = event.point !== "gate.out";
      visit.presence = event.point === "gate.in" ? "waiting_room" : inward ? "inside" : "outside";
      visit.state = inward ? "in_meeting" : "finished";
    }
    this.emit(passed ? "access_taken" : "access_not_taken", { why: passed ? "passage" : "no_passage" }, { point: event.point, visit: event.visit, badge: event.badge, ref: event.number });
  }
  pass() {
    if (!this.waitingPass) return { passed: false };
    this.outcome(this.waitingPass, true);
    return { passed: true };
  }
  detector({ alarm }) {
    this.emit(alarm ? "screening_alarm" : "screening_passage", {}, { point: "wtmd", actor: "device" });
    return { walked: true };
  }
  clear() {
    return { shown: 0 };
  }
  misbehave({ device, name }) {
    if (device === "storage") {
      this.granting = name === "normal"; // no entry: a journal that can't be written says nothing
      this.whyNot = name === "fault"
        ? "the gateway found a fault in itself and ended (2026-01-31T08:00:00Z gapura 0.1.0 models/portal.cpp:82: a sentence): tell the administrator and keep the gateway's log, then resume granting with a reason"
        : "Catatan tidak dapat ditulis: ruang disk habis.";
      return {};
    }
    const id = { gate: "cam-gate", "unit-1": "gate1", "unit-2": "door1" }[device] ?? device;
    const found = this.devices.find((one) => one.id === id);
    found.online = name === "normal" || name === "moved";
    if (found.online) found.fault = name === "moved" ? "moved" : "";
    found.detail = found.online ? "" : "Tidak menjawab sejak 14:02.";
    found.since = stamp();
    this.emit(found.online ? "device_online" : "device_offline", {}, { point: id });
    if (!found.online) this.raise("device_offline", "medium", id);
    for (const alarm of this.alarms) if (found.online && alarm.kind === "device_offline" && alarm.subject === id && alarm.active) {
      Object.assign(alarm, { active: false, cleared: stamp(), acknowledged_by: "petugas", handling: "handled" });
      this.emit("alarm_cleared", { kind: alarm.kind }, { point: id });
    }
    return {};
  }
}
