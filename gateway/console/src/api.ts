// SPDX-License-Identifier: Apache-2.0
// One way to call the daemon, and every route that a screen uses.
import type {
  Alarm, AlarmReport, Area, AttentionPerson, Badge, Candidate, Case, CaseKind, DecisionBody, Deposit, Device, DoorAnswer, Duty, Entry, ErasureRun, Escort, FullVisit, Handling, Host, Hours, IssuedBadge,
  LeaderState, LegalHold, Lockdown, Muster, NewVisit, Portal, PortalMode, Retention, Role, Screening, Session, Shift, Sop, Status, Subject, User, Visit, VisitState,
} from "./shapes";
export * from "./shapes";

// Why a call failed. `kind` is the last part of the problem's type, or `offline` when there was no answer at all. `from`: when
// it would no longer be refused, where the daemon knows that.
export class ApiError extends Error {
  constructor(readonly kind: string, readonly status: number, readonly detail: string, readonly from?: string, readonly candidates: Candidate[] = []) {
    super(detail || kind);
  }
}

// A line can die without a word: a reading that hangs this long says that it has. What a person asked for is waited for.
const look_limit_ms = 8000;

let onSignedOut: () => void = () => {};
// Told when the daemon no longer knows this session, so that the sign-in screen comes up over a kept draft.
export function whenSignedOut(tell: () => void) {
  onSignedOut = tell;
}

// Called with each answer: whether the session is view only, after thirty idle minutes on a device with a PIN. `ask` asks for
// the PIN for an act and resolves to whether it was given.
let onViewOnly: (only: boolean) => void = () => {};
let askProof: () => Promise<boolean> = () => Promise.resolve(false);
export function whenViewOnly(report: (only: boolean) => void, ask: () => Promise<boolean>) {
  onViewOnly = report;
  askProof = ask;
}

async function problemOf(answer: Response): Promise<ApiError> {
  let kind = "";
  let detail = "";
  let from: string | undefined;
  let candidates: Candidate[] = [];
  try {
    const body = (await answer.json()) as { type?: string; detail?: string; title?: string; from?: string; candidates?: Candidate[] };
    from = body.from;
    candidates = body.candidates ?? [];
    kind = (body.type ?? "").split("/").pop() ?? "";
    detail = body.detail ?? body.title ?? "";
  } catch {
    // Not a problem document (a proxy's page, an empty body): the status has to do.
  }
  if (!kind) kind = answer.status === 401 ? "unauthenticated" : answer.status >= 500 ? "unavailable" : "bad_input";
  return new ApiError(kind, answer.status, detail, from, candidates);
}

interface Options {
  body?: unknown;
  key?: string; // Idempotency-Key: the same act sent twice is done once
  keepalive?: boolean;
  background?: boolean; // a screen asks by itself: the session's idle minutes go on, and no PIN is asked for
}

export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { "X-Gapura": "1", Accept: "application/json" };
  let body: BodyInit | undefined;
  if (options.body instanceof Blob) {
    headers["Content-Type"] = options.body.type || "image/jpeg";
    body = options.body;
  } else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  if (options.background) headers["X-Gapura-Background"] = "1";
  if (options.key) headers["Idempotency-Key"] = options.key;
  let answer: Response;
  try {
    answer = await fetch("/api/v1" + path, {
      method, headers, body, credentials: "same-origin", cache: "no-store", keepalive: options.keepalive,
      signal: options.background ? AbortSignal.timeout(look_limit_ms) : undefined,
    });
  } catch {
    throw new ApiError("offline", 0, "");
  }
  if (!answer.ok) {
    const problem = await problemOf(answer);
    if (problem.kind === "proof_required") {
      onViewOnly(true);
      if (!options.background && (await askProof())) return call(method, path, options); // the same key: the act is done once
    }
    if (answer.status === 401 && path !== "/session") onSignedOut();
    throw problem;
  }
  if (path !== "/setup") onViewOnly(answer.headers.get("X-Gapura-View-Only") === "1");
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

// crypto.randomUUID exists only in secure contexts; the daemon is HTTPS, development is not always.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A person asks; a `look` is what the page asks by itself.
const get = <T>(path: string) => call<T>("GET", path);
const look = <T>(path: string) => call<T>("GET", path, { background: true });
const post = <T>(path: string, body: unknown = {}) => call<T>("POST", path, { body, key: newKey() });

// The rows of a list that were read, and how many it has in all.
export interface Listed<T> {
  rows: T[];
  total: number;
}
interface Page {
  total?: number;
  more?: string | null;
}
// A list that is answered in pages, read until it ends or `most` rows are there. A row that moved while it was read is kept once.
async function listed<T extends { id: string }>(path: string, name: string, most: number): Promise<Listed<T>> {
  const rows = new Map<string, T>();
  for (let after = ""; ; ) {
    const page = await look<Page & Record<string, unknown>>(`${path}limit=500${after && `&after=${encodeURIComponent(after)}`}`);
    for (const row of page[name] as T[]) rows.set(row.id, row);
    if (!page.more || page.more === after || rows.size >= most) {
      return { rows: [...rows.values()], total: page.more ? Math.max(page.total ?? 0, rows.size) : rows.size };
    }
    after = page.more;
  }
}
// A page holds so many open visits at most; how many there are beyond, it says.
export const most_visits = 2000;
const most_badges = 5000;

export const api = {
  setupNeeded: () => get<{ needed: boolean }>("/setup"),
  setup: (code: string, name: string, password: string) => post<{ user: User }>("/setup", { code, name, password }),
  signIn: (name: string, password: string) => post<{ user: User }>("/session", { name, password }),
  session: () => get<Session>("/session"),
  setPin: (pin: string) => post<void>("/session/pin", { pin }),
  prove: (pin: string) => call<void>("POST", "/session/proof", { body: { pin } }),
  signOut: () => call<void>("DELETE", "/session"),

  openVisits: () => listed<Visit>("/visits?state=open&", "visits", most_visits),
  pastVisits: (most: number, date = "") => listed<Visit>(`/visits?state=all&${date && `date=${date}&`}`, "visits", most),
  unconfirmed: () => listed<Visit>("/visits?state=unconfirmed&", "visits", most_visits).then((r) => r.rows),
  // Among all open ones, also those that this page does not hold.
  findVisits: (text: string) => look<{ visits: Visit[]; total: number }>(`/visits?state=open&limit=100&find=${encodeURIComponent(text)}`)
    .then((r): Listed<Visit> => ({ rows: r.visits, total: r.total })),
  debts: () => listed<Visit>("/visits/debts?", "visits", most_visits),
  unmask: (id: string, reason: string) => post<FullVisit>(`/visits/${id}/unmask`, { reason }),
  visit: (id: string) => look<FullVisit>(`/visits/${id}`),
  // The key belongs to the draft, so that a second attempt after a lost answer makes no second guest.
  register: (visit: NewVisit, key: string) => call<Visit>("POST", "/visits", { body: visit, key }),
  plan: (visit: NewVisit & { from: string; until: string }, key: string) => call<Visit>("POST", "/visits/plan", { body: visit, key }),
  complete: (id: string, visit: NewVisit, key: string) => call<Visit>("POST", `/visits/${id}/complete`, { body: visit, key }),
  move: (id: string, to: VisitState, reason?: string) => post<Visit>(`/visits/${id}/move`, reason ? { to, reason } : { to }),
  attest: (id: string, step: string) => post<Visit>(`/visits/${id}/attest`, { step }),
  attention: (id: string, is_match: boolean, reason: string) => post<Visit>(`/visits/${id}/attention`, { is_match, reason }),
  deviation: (id: string, kind: string, reason: string) => post<Visit>(`/visits/${id}/deviation`, { kind, reason }),
  exempt: (id: string, reason: string) => post<Visit>(`/visits/${id}/exempt`, { reason }),
  permit: (id: string, reason: string, verbal: boolean) => post<Visit>(`/visits/${id}/permit`, verbal ? { reason, verbal } : { reason }),
  ask: (id: string) => post<Visit>(`/visits/${id}/ask`),
  receipt: (id: string, seen: boolean) => call<Visit>("POST", `/visits/${id}/receipt`, { body: { seen }, key: newKey(), background: true }),
  decide: (id: string, body: DecisionBody, keepalive = false) =>
    call<Visit>("POST", `/visits/${id}/decision`, { body, key: newKey(), keepalive }),
  answer: (id: string, answer: string) => post<Visit>(`/visits/${id}/answer`, { answer }),
  withdraw: (id: string, reason: string) => post<Visit>(`/visits/${id}/withdraw`, { reason }),
  reviewVerbal: (id: string, confirmed: boolean, reason?: string) =>
    post<Visit>(`/visits/${id}/verbal`, reason ? { confirmed, reason } : { confirmed }),
  setPortrait: (id: string, portrait: string) => post<Visit>(`/visits/${id}/portrait`, { portrait }),
  issueBadge: (id: string, body: { reason?: string; another?: boolean; card?: string } = {}) => post<IssuedBadge>(`/visits/${id}/badge`, body),
  screening: (id: string, result: Screening, more: { note?: string; same_gender?: boolean } = {}) =>
    post<Visit>(`/visits/${id}/screening`, { result, ...more }),
  escort: (id: string, to: Escort, host = "") => post<Visit>(`/visits/${id}/escort`, host ? { to, host } : { to }),
  close: (id: string, outcome: "departed" | "left_early" | "turned_away", reason?: string) =>
    post<Visit>(`/visits/${id}/close`, reason ? { outcome, reason } : { outcome }),
  deposit: (id: string, body: { what: string; tag: string; locker?: string }) => post<Deposit>(`/visits/${id}/deposits`, body),
  moveDeposit: (id: string, to: "stored" | "returned") => post<Deposit>(`/deposits/${id}/move`, { to }),
  undo: (number: number) => post<{ entry: number }>(`/events/${number}/undo`),

  checkpoint: () => look<{ checkpoint: string; size: number; time: string; keys: string[] }>("/log/checkpoint"),
  consistency: (from: number, to: number) => look<{ proof: string[] }>(`/log/consistency?from=${from}&to=${to}`),

  badges: (state: "out" | "all" | "stock", most = most_badges) => listed<Badge>(`/badges?state=${state}&`, "badges", most),
  badge: (id: string) => look<Badge>(`/badges/${id}`),
  findBadges: (code: string) => post<{ badges: Badge[] }>("/badges/find", { code }).then((r) => r.badges),
  revoke: (id: string, reason: string) =>
    post<{ badge: Badge; doors: DoorAnswer[] }>(`/badges/${id}/revoke`, { reason }),
  returnBadge: (id: string) => post<Badge>(`/badges/${id}/return`),
  changeBadge: (id: string, to: string, reason: string) => post<Badge>(`/badges/${id}/change`, { to, reason }),
  printAgain: (id: string) => post<Badge>(`/badges/${id}/print`),
  printed: (id: string, printed: boolean) => post<Badge>(`/badges/${id}/printed`, { printed }),
  stock: (count: number) => post<{ cards: { badge: string; token: string; qr: string }[] }>("/badges/stock", { count }),
  staffBadge: (body: { host: string; duress?: boolean; days?: number }) => post<IssuedBadge>("/badges/staff", body),
  forgive: (body: { visit?: string; badge?: string; reason: string }) => post<{ entry: number }>("/passback/forgive", body),

  takePicture: (camera: string) => post<{ hash: string; url: string }>("/pictures", { camera }),
  devices: () => look<{ devices: Device[] }>("/devices").then((r) => r.devices),
  portals: () => look<{ portals: Portal[] }>("/portals").then((r) => r.portals),
  setMode: (id: string, mode: PortalMode, reason: string) => post<Portal>(`/portals/${id}/mode`, { mode, reason }),
  release: (point: string, reason: string) => post<{ entry: number }>(`/points/${point}/release`, { reason }),
  resumeGranting: (reason: string) => post<{ entry: number }>("/granting/resume", { reason }),
  acceptView: (camera: string, reason: string) => post<{ entry: number }>(`/cameras/${camera}/view`, { reason }),
  testDetector: (id: string, alarmed: boolean) => post<{ entry: number }>(`/detectors/${id}/test`, { alarmed }),
  areas: () => look<{ areas: Area[] }>("/areas").then((r) => r.areas),

  lockdowns: () => look<{ lockdowns: Lockdown[] }>("/lockdowns").then((r) => r.lockdowns),
  lockdown: (plan: string, to: "start" | "end", reason: string) => post<Lockdown>(`/lockdowns/${plan}/${to}`, { reason }),
  panic: (where: string, silent = false) => post<{ entry: number }>("/panic", silent ? { where, silent } : { where }),
  muster: () => look<Muster>("/muster"),
  startMuster: (reason: string) => post<Muster>("/muster/start", { reason }),
  // The key is kept with a mark taken without network: sent twice, it is one mark.
  markSafe: (visit: string, at: string, key: string, background: boolean) => call<Muster>("POST", "/muster/mark", { body: { visit, at }, key, background }),
  endMuster: (reason: string) => post<Muster>("/muster/end", { reason }),

  shift: () => look<Shift>("/shift"),
  startShift: () => post<Shift>("/shift/start"),
  handOver: (to: string, note: string) => post<Shift>("/shift/handover", note ? { to, note } : { to }),
  acceptShift: () => post<Shift>("/shift/accept"),
  setPost: (attended: boolean) => post<Shift>("/post", { attended }),
  setLeader: (state: LeaderState) => post<{ state: LeaderState }>("/leader", { state }),
  duty: () => look<Duty>("/duty"),
  takeDuty: (body: { second?: boolean; over?: boolean; user?: string }) => post<Duty>("/duty/take", body),
  offerDuty: (to: string) => post<Duty>("/duty/offer", { to }),
  acceptDuty: () => post<Duty>("/duty/accept"),
  leaveDuty: () => post<Duty>("/duty/leave"),
  hosts: () => look<{ hosts: Host[] }>("/hosts").then((r) => r.hosts),
  hours: (category: string) => look<Hours>(`/hours?category=${category}`),
  sops: () => look<{ sops: Sop[] }>("/sop").then((r) => r.sops),
  attentionList: () => look<{ people: AttentionPerson[] }>("/attention").then((r) => r.people),
  listAttention: (body: { name: string; phone?: string; why: string; blocks: boolean }) => post<AttentionPerson>("/attention", body),

  alarms: () => look<{ alarms: Alarm[]; total: number }>("/alarms").then((r): Listed<Alarm> => ({ rows: r.alarms, total: r.total })),
  alarmReport: () => look<AlarmReport>("/alarms/report"),
  acknowledge: (number: number, handling: Handling) => post<Alarm>(`/alarms/${number}/acknowledge`, { handling }),
  events: (query: { after?: number; limit?: number; type?: string; visit?: string; badge?: string }) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") search.set(name, String(value));
    return look<{ events: Entry[]; last: number }>(`/events?${search}`);
  },
  status: () => look<Status>("/status"),

  retention: () => look<Retention>("/retention"),
  agreeRetention: (what: string) => post<Retention>(`/retention/rules/${what}/agree`),
  erasures: () => look<{ runs: ErasureRun[] }>("/retention/runs").then((r) => r.runs),
  approveErasure: () => post<ErasureRun>("/retention/runs"),
  holds: () => look<{ holds: LegalHold[] }>("/holds").then((r) => r.holds),
  hold: (body: { guest?: string; visit?: string; reason: string }) => post<LegalHold>("/holds", body),
  releaseHold: (id: string, reason: string) => post<{ holds: LegalHold[] }>(`/holds/${id}/release`, { reason }),
  findSubjects: (body: { phone?: string; date?: string; name?: string }) => post<{ people: Subject[]; more: boolean }>("/subjects/find", body),
  cases: () => look<{ cases: Case[] }>("/cases").then((r) => r.cases),
  openCase: (body: { guest: string; kind: CaseKind; requester: string; purpose: string }) => post<Case>("/cases", body),
  closeCase: (id: string, body: { outcome: "answered" | "refused"; reason: string; name?: string; phone?: string; institution?: string }) =>
    post<Case>(`/cases/${id}/close`, body),

  users: () => get<{ users: User[] }>("/users").then((r) => r.users),
  addUser: (name: string, role: Role) => post<{ user: User; password: string }>("/users", { name, role }),
  disableUser: (id: string) => post<{ user: User }>(`/users/${id}/disable`),
  endPins: (id: string) => post<{ user: User }>(`/users/${id}/pins/end`),
  resetPassword: (id: string) => post<{ password: string }>(`/users/${id}/password`),
};

export const pictureUrl = (hash: string) => `/api/v1/pictures/${hash}.jpg`;
export const clipUrl = (hash: string) => `/api/v1/clips/${hash}.mp4`;
export const liveUrl = (camera: string) => `/api/v1/cameras/${camera}/live.mjpeg`;
export const stillUrl = (camera: string) => `/api/v1/cameras/${camera}/still.jpg`;
