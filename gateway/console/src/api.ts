// SPDX-License-Identifier: Apache-2.0
// Every route that a screen uses, as a call with a name: here, once, and not at each of its callers it is said what the screen
// asks by itself, which answers are lists in pages, and what an absent argument leaves out of the body.
import { addressOf, call, get, look, post, type Query } from "./call";
import type { Body } from "./routes";
import type {
  Alarm,
  AlarmHandling,
  BadgeChange,
  Category,
  DecisionBody,
  EscortStep,
  EventType,
  FilledVisit,
  FullVisit,
  LeaderState,
  NewVisit,
  NotedDeviation,
  PortalMode,
  RetentionClass,
  Role,
  ScreeningResult,
  Visit,
} from "./shapes";

export { ApiError, addressOf, newKey, whenSignedOut, whenViewOnly } from "./call";
export * from "./shapes";

// The rows of a list that were read, and how many it has in all.
export interface Listed<T> {
  rows: T[];
  total: number;
}
type Page<Name extends string, Row> = { [_ in Name]: Row[] } & { total: number; more: string | null };
// A list that is answered in pages, read until it ends or `most` rows are there. A row that moved while it was read is kept once.
async function listed<Name extends string, Row extends { id: string }>(
  name: Name,
  most: number,
  read: (page: Query) => Promise<Page<Name, Row>>,
): Promise<Listed<Row>> {
  const rows = new Map<string, Row>();
  for (let after = ""; ; ) {
    const page = await read({ limit: 500, after });
    for (const row of page[name]) rows.set(row.id, row);
    if (!page.more || page.more === after || rows.size >= most) {
      return { rows: [...rows.values()], total: page.more ? Math.max(page.total, rows.size) : rows.size };
    }
    after = page.more;
  }
}
// A page holds so many open visits at most; how many there are beyond, it says.
export const most_visits = 2000;
const most_badges = 5000;

export const api = {
  setupNeeded: () => get("/setup"),
  setup: (code: string, name: string, password: string) => post("/setup", { body: { code, name, password } }),
  signIn: (name: string, password: string) => post("/session", { body: { name, password } }),
  session: () => get("/session"),
  setPin: (pin: string) => post("/session/pin", { body: { pin } }),
  prove: (pin: string) => call("post", "/session/proof", { body: { pin } }),
  signOut: () => call("delete", "/session"),

  openVisits: () => listed("visits", most_visits, (page) => look("/visits", { query: { state: "open", ...page } })),
  pastVisits: (most: number, date = "") => listed("visits", most, (page) => look("/visits", { query: { state: "all", date, ...page } })),
  unconfirmed: () => listed("visits", most_visits, (page) => look("/visits", { query: { state: "unconfirmed", ...page } })).then((r) => r.rows),
  // Among all open ones, also those that this page does not hold.
  findVisits: (text: string) =>
    look("/visits", { query: { state: "open", limit: 100, find: text } }).then((r): Listed<Visit> => ({ rows: r.visits, total: r.total })),
  debts: () => listed("visits", most_visits, (page) => look("/visits/debts", { query: page })),
  // One visit comes with its newest entries, also unmasked.
  visit: (id: string) => look("/visits/{id}", { at: { id } }) as Promise<FullVisit>,
  unmask: (id: string, reason: string) => post("/visits/{id}/unmask", { at: { id }, body: { reason } }) as Promise<FullVisit>,
  // The key belongs to the draft, so that a second attempt after a lost answer makes no second guest.
  register: (visit: NewVisit, key: string) => post("/visits", { body: visit, key }),
  plan: (visit: Body<"/visits/plan">, key: string) => post("/visits/plan", { body: visit, key }),
  complete: (id: string, visit: FilledVisit, key: string) => post("/visits/{id}/complete", { at: { id }, body: visit, key }),
  move: (id: string, to: Body<"/visits/{id}/move">["to"], reason?: string) => post("/visits/{id}/move", { at: { id }, body: reason ? { to, reason } : { to } }),
  attest: (id: string, step: string, answer?: string) => post("/visits/{id}/attest", { at: { id }, body: { step, answer } }),
  attention: (id: string, is_match: boolean, reason: string) => post("/visits/{id}/attention", { at: { id }, body: { is_match, reason } }),
  deviation: (id: string, kind: NotedDeviation, reason: string) => post("/visits/{id}/deviation", { at: { id }, body: { kind, reason } }),
  exempt: (id: string, reason: string) => post("/visits/{id}/exempt", { at: { id }, body: { reason } }),
  permit: (id: string, reason: string, verbal: boolean) => post("/visits/{id}/permit", { at: { id }, body: verbal ? { reason, verbal } : { reason } }),
  ask: (id: string) => post("/visits/{id}/ask", { at: { id } }),
  receipt: (id: string, seen: boolean) => post("/visits/{id}/receipt", { at: { id }, body: { seen }, background: true }),
  decide: (id: string, body: DecisionBody, keepalive = false) => post("/visits/{id}/decision", { at: { id }, body, keepalive }),
  answer: (id: string, answer: string) => post("/visits/{id}/answer", { at: { id }, body: { answer } }),
  withdraw: (id: string, reason: string) => post("/visits/{id}/withdraw", { at: { id }, body: { reason } }),
  reviewVerbal: (id: string, confirmed: boolean, reason?: string) =>
    post("/visits/{id}/verbal", { at: { id }, body: reason ? { confirmed, reason } : { confirmed } }),
  setPortrait: (id: string, portrait: string) => post("/visits/{id}/portrait", { at: { id }, body: { portrait } }),
  issueBadge: (id: string, body: Body<"/visits/{id}/badge"> = {}) => post("/visits/{id}/badge", { at: { id }, body }),
  screening: (id: string, result: ScreeningResult, more: Omit<Body<"/visits/{id}/screening">, "result"> = {}) =>
    post("/visits/{id}/screening", { at: { id }, body: { result, ...more } }),
  escort: (id: string, to: EscortStep, host = "") => post("/visits/{id}/escort", { at: { id }, body: host ? { to, host } : { to } }),
  close: (id: string, outcome: Body<"/visits/{id}/close">["outcome"], reason?: string) =>
    post("/visits/{id}/close", { at: { id }, body: reason ? { outcome, reason } : { outcome } }),
  deposit: (id: string, body: Body<"/visits/{id}/deposits">) => post("/visits/{id}/deposits", { at: { id }, body }),
  moveDeposit: (id: string, to: Body<"/deposits/{id}/move">["to"]) => post("/deposits/{id}/move", { at: { id }, body: { to } }),
  undo: (number: number) => post("/events/{number}/undo", { at: { number } }),

  checkpoint: () => look("/log/checkpoint"),
  consistency: (from: number, to: number) => look("/log/consistency", { query: { from, to } }),

  badges: (state: "out" | "all" | "stock", most = most_badges) => listed("badges", most, (page) => look("/badges", { query: { state, ...page } })),
  badge: (id: string) => look("/badges/{id}", { at: { id } }),
  findBadges: (code: string) => post("/badges/find", { body: { code } }).then((r) => r.badges),
  revoke: (id: string, reason: string) => post("/badges/{id}/revoke", { at: { id }, body: { reason } }),
  returnBadge: (id: string) => post("/badges/{id}/return", { at: { id } }),
  changeBadge: (id: string, to: BadgeChange, reason: string) => post("/badges/{id}/change", { at: { id }, body: { to, reason } }),
  printAgain: (id: string) => post("/badges/{id}/print", { at: { id } }),
  printed: (id: string, printed: boolean) => post("/badges/{id}/printed", { at: { id }, body: { printed } }),
  stock: (count: number) => post("/badges/stock", { body: { count } }),
  staffBadge: (body: Body<"/badges/staff">) => post("/badges/staff", { body }),
  forgive: (body: Body<"/passback/forgive">) => post("/passback/forgive", { body }),

  takePicture: (camera: string) => post("/pictures", { body: { camera } }),
  devices: () => look("/devices").then((r) => r.devices),
  portals: () => look("/portals").then((r) => r.portals),
  setMode: (id: string, mode: PortalMode, reason: string) => post("/portals/{id}/mode", { at: { id }, body: { mode, reason } }),
  release: (point: string, reason: string) => post("/points/{id}/release", { at: { id: point }, body: { reason } }),
  resumeGranting: (reason: string) => post("/granting/resume", { body: { reason } }),
  acceptView: (camera: string, reason: string) => post("/cameras/{id}/view", { at: { id: camera }, body: { reason } }),
  testDetector: (id: string, alarmed: boolean) => post("/detectors/{id}/test", { at: { id }, body: { alarmed } }),
  areas: () => look("/areas").then((r) => r.areas),

  lockdowns: () => look("/lockdowns").then((r) => r.lockdowns),
  lockdown: (plan: string, to: "start" | "end", reason: string) => post(`/lockdowns/{plan}/${to}`, { at: { plan }, body: { reason } }),
  panic: (where: string, silent = false) => post("/panic", { body: silent ? { where, silent } : { where } }),
  muster: () => look("/muster"),
  startMuster: (reason: string) => post("/muster/start", { body: { reason } }),
  // The key is kept with a mark taken without network: sent twice, it is one mark.
  markSafe: (visit: string, at: string, key: string, background: boolean) => post("/muster/mark", { body: { visit, at }, key, background }),
  endMuster: (reason: string) => post("/muster/end", { body: { reason } }),

  shift: () => look("/shift"),
  startShift: () => post("/shift/start"),
  handOver: (to: string, note: string) => post("/shift/handover", { body: note ? { to, note } : { to } }),
  acceptShift: () => post("/shift/accept"),
  setPost: (attended: boolean) => post("/post", { body: { attended } }),
  setLeader: (state: LeaderState) => post("/leader", { body: { state } }),
  duty: () => look("/duty"),
  takeDuty: (body: Body<"/duty/take">) => post("/duty/take", { body }),
  offerDuty: (to: string) => post("/duty/offer", { body: { to } }),
  acceptDuty: () => post("/duty/accept"),
  leaveDuty: () => post("/duty/leave"),
  hosts: () => look("/hosts").then((r) => r.hosts),
  hours: (category: Category) => look("/hours", { query: { category } }),
  sops: () => look("/sop").then((r) => r.sops),
  attentionList: () => look("/attention").then((r) => r.people),
  listAttention: (body: Body<"/attention">) => post("/attention", { body }),

  alarms: () => look("/alarms").then((r): Listed<Alarm> => ({ rows: r.alarms, total: r.total })),
  alarmReport: () => look("/alarms/report"),
  acknowledge: (number: number, handling: AlarmHandling) => post("/alarms/{number}/acknowledge", { at: { number }, body: { handling } }),
  events: (query: { after?: number; limit?: number; type?: EventType | ""; visit?: string; badge?: string }) => look("/events", { query }),
  status: () => look("/status"),

  retention: () => look("/retention"),
  agreeRetention: (what: RetentionClass["class"]) => post("/retention/rules/{class}/agree", { at: { class: what } }),
  erasures: () => look("/retention/runs").then((r) => r.runs),
  approveErasure: () => post("/retention/runs"),
  holds: () => look("/holds").then((r) => r.holds),
  hold: (body: Body<"/holds">) => post("/holds", { body }),
  releaseHold: (id: string, reason: string) => post("/holds/{id}/release", { at: { id }, body: { reason } }),
  findSubjects: (body: Body<"/subjects/find">) => post("/subjects/find", { body }),
  cases: () => look("/cases").then((r) => r.cases),
  openCase: (body: Body<"/cases">) => post("/cases", { body }),
  closeCase: (id: string, body: Body<"/cases/{id}/close">) => post("/cases/{id}/close", { at: { id }, body }),

  users: () => get("/users").then((r) => r.users),
  addUser: (name: string, role: Role) => post("/users", { body: { name, role } }),
  disableUser: (id: string) => post("/users/{id}/disable", { at: { id } }),
  endPins: (id: string) => post("/users/{id}/pins/end", { at: { id } }),
  resetPassword: (id: string) => post("/users/{id}/password", { at: { id } }),
};

export const pictureUrl = (hash: string) => addressOf("/pictures/{hash}.jpg", { at: { hash } });
export const clipUrl = (hash: string) => addressOf("/clips/{hash}.mp4", { at: { hash } });
export const liveUrl = (camera: string) => addressOf("/cameras/{id}/live.mjpeg", { at: { id: camera } });
export const stillUrl = (camera: string) => addressOf("/cameras/{id}/still.jpg", { at: { id: camera } });
