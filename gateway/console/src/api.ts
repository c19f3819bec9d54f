// SPDX-License-Identifier: Apache-2.0
// The daemon's API as the console sees it: the shapes of docs/api.md, and one way to call it.

export type Role = "guard" | "aide" | "admin";
export interface User {
  id: string;
  name: string;
  role: Role;
  disabled: boolean;
}
export interface Site {
  id: string;
  name: string;
  timezone: string;
  language: string;
}
export interface Session {
  user: User;
  site: Site;
  version: string;
}

export type VisitState =
  | "registered" | "waiting" | "called" | "in_meeting" | "finished"
  | "departed" | "declined" | "turned_away" | "left_early" | "unaccounted";
export type Approval = "none" | "sent" | "accepted" | "accepted_later" | "held" | "declined";
export type Screening = "pending" | "passed_through" | "clear" | "alarm" | "cleared_by_check" | "refused";
export type Presence = "outside" | "at_post" | "waiting_room" | "inside" | "unknown";
export type Category = "general" | "special";
export type BadgeState = "issued" | "active" | "returned" | "revoked" | "expired" | "lost";

export interface Badge {
  id: string;
  state: BadgeState;
  visit: string;
  name: string;
  issued: string;
  valid_until: string;
  ended: string | null;
  reason: string;
}
export interface PastVisit {
  arrived: string;
  state: VisitState;
  approval: Approval;
}
export interface Visit {
  id: string;
  name: string;
  phone: string;
  institution: string;
  purpose: string;
  whom: string;
  category: Category;
  state: VisitState;
  approval: Approval;
  approval_version: number;
  approval_reason: string;
  screening: Screening;
  presence: Presence;
  portrait: string | null;
  waiting_still: string | null;
  badge: Badge | null;
  arrived: string;
  asked: string | null;
  decided: string | null;
  hold_until: string | null;
  closed: string | null;
  previous: PastVisit[];
}
export interface Device {
  id: string;
  kind: "camera" | "controller" | "detector" | "scanner" | "printer";
  online: boolean;
  since: string;
  detail: string;
  stats: Record<string, number>;
}
export type Level = "off" | "on" | "unknown";
export interface Point {
  id: string;
  from: string;
  to: string;
  reader: string | null;
}
export interface Portal {
  id: string;
  name: string;
  kind: "door" | "turnstile";
  mode: string;
  contact: Level;
  lock: { commanded: boolean | Level; observed: Level };
  age_ms: number;
  online: boolean;
  points: Point[];
  alarms: string[];
}
export interface Alarm {
  number: number;
  kind: string;
  priority: "critical" | "high" | "medium";
  subject: string;
  active: boolean;
  raised: string;
  cleared: string | null;
  acknowledged_by: string | null;
  handling: string | null;
}
export interface Entry {
  number: number;
  time: string;
  type: string;
  point: string | null;
  actor: string;
  visit: string | null;
  badge: string | null;
  ref: number | null;
  data: Record<string, unknown>;
  pictures: string[];
}
export interface Status {
  version: string;
  site: string | Site;
  started: string;
  time: string;
  clock: string;
  granting: boolean;
  why_not: string[];
  journal: { entries: number; bytes: number };
  disk: { free_bytes: number };
  devices: Device[];
  portals: Portal[];
}
export type Handling = "handled" | "false_alarm" | "passed_on";
export type Decision = "accept_now" | "accept_later" | "hold" | "decline";
export interface NewVisit {
  name: string;
  purpose: string;
  whom: string;
  category: Category;
  phone?: string;
  institution?: string;
  portrait?: string;
}
export interface IssuedBadge {
  badge: Badge;
  token: string;
  qr: string;
  page: string;
}

// Why a call failed. `kind` is the last part of the problem's type, or `offline` when no answer came at all.
export class ApiError extends Error {
  constructor(readonly kind: string, readonly status: number, readonly detail: string) {
    super(detail || kind);
  }
}

let onSignedOut: () => void = () => {};
// Told when the daemon no longer knows this session, so that the sign-in screen comes up over a kept draft.
export function whenSignedOut(tell: () => void) {
  onSignedOut = tell;
}

async function problemOf(answer: Response): Promise<ApiError> {
  let kind = "";
  let detail = "";
  try {
    const body = (await answer.json()) as { type?: string; detail?: string; title?: string };
    kind = (body.type ?? "").split("/").pop() ?? "";
    detail = body.detail ?? body.title ?? "";
  } catch {
    // Not a problem document (a proxy's page, an empty body): the status has to do.
  }
  if (!kind) kind = answer.status === 401 ? "unauthenticated" : answer.status >= 500 ? "unavailable" : "bad_input";
  return new ApiError(kind, answer.status, detail);
}

interface Options {
  body?: unknown;
  key?: string; // Idempotency-Key: the same act sent twice is done once
  keepalive?: boolean;
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
  if (options.key) headers["Idempotency-Key"] = options.key;
  let answer: Response;
  try {
    answer = await fetch("/api/v1" + path, {
      method, headers, body, credentials: "same-origin", cache: "no-store", keepalive: options.keepalive,
    });
  } catch {
    throw new ApiError("offline", 0, "");
  }
  if (!answer.ok) {
    const problem = await problemOf(answer);
    if (answer.status === 401 && path !== "/session") onSignedOut();
    throw problem;
  }
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

// crypto.randomUUID exists only in secure contexts; the daemon is HTTPS, development is not always.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const get = <T>(path: string) => call<T>("GET", path);
const post = <T>(path: string, body: unknown = {}) => call<T>("POST", path, { body, key: newKey() });

export const api = {
  setupNeeded: () => get<{ needed: boolean }>("/setup"),
  setup: (code: string, name: string, password: string) => post<{ user: User }>("/setup", { code, name, password }),
  signIn: (name: string, password: string) => post<{ user: User }>("/session", { name, password }),
  session: () => get<Session>("/session"),
  signOut: () => call<void>("DELETE", "/session"),

  visits: (state: "open" | "all", limit = 200) =>
    get<{ visits: Visit[] }>(`/visits?state=${state}&limit=${limit}`).then((r) => r.visits),
  visit: (id: string) => get<Visit & { events: Entry[] }>(`/visits/${id}`),
  // The key belongs to the draft, so that a second attempt after a lost answer makes no second guest.
  register: (visit: NewVisit, key: string) => call<Visit>("POST", "/visits", { body: visit, key }),
  ask: (id: string) => post<Visit>(`/visits/${id}/ask`),
  decide: (
    id: string,
    body: { decision: Decision; minutes?: number; reason?: string; version: number; verbal?: boolean },
    keepalive = false,
  ) => call<Visit>("POST", `/visits/${id}/decision`, { body, key: newKey(), keepalive }),
  setPortrait: (id: string, portrait: string) => post<Visit>(`/visits/${id}/portrait`, { portrait }),
  issueBadge: (id: string, reason?: string) => post<IssuedBadge>(`/visits/${id}/badge`, reason ? { reason } : {}),
  screening: (id: string, result: Screening, note?: string) =>
    post<Visit>(`/visits/${id}/screening`, note ? { result, note } : { result }),
  close: (id: string, outcome: "departed" | "left_early" | "turned_away", reason?: string) =>
    post<Visit>(`/visits/${id}/close`, reason ? { outcome, reason } : { outcome }),

  badges: (state: "out" | "all") => get<{ badges: Badge[] }>(`/badges?state=${state}`).then((r) => r.badges),
  revoke: (id: string, reason: string) =>
    post<{ badge: Badge; doors: { point: string; refused: boolean }[] }>(`/badges/${id}/revoke`, { reason }),
  returnBadge: (id: string) => post<Badge>(`/badges/${id}/return`),

  takePicture: (camera: string) => post<{ hash: string; url: string }>("/pictures", { camera }),
  devices: () => get<{ devices: Device[] }>("/devices").then((r) => r.devices),
  portals: () => get<{ portals: Portal[] }>("/portals").then((r) => r.portals),
  release: (point: string, reason: string) => post<{ entry: number }>(`/points/${point}/release`, { reason }),
  alarms: () => get<{ alarms: Alarm[] }>("/alarms").then((r) => r.alarms),
  acknowledge: (number: number, handling: Handling) =>
    post<Alarm>(`/alarms/${number}/acknowledge`, { handling }),
  events: (query: { after?: number; limit?: number; type?: string; visit?: string; badge?: string }) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") search.set(name, String(value));
    return get<{ events: Entry[]; last: number }>(`/events?${search}`);
  },
  status: () => get<Status>("/status"),

  users: () => get<{ users: User[] }>("/users").then((r) => r.users),
  addUser: (name: string, role: Role) => post<{ user: User; password: string }>("/users", { name, role }),
  disableUser: (id: string) => post<{ user: User }>(`/users/${id}/disable`),
  resetPassword: (id: string) => post<{ password: string }>(`/users/${id}/password`),
};

export const pictureUrl = (hash: string) => `/api/v1/pictures/${hash}.jpg`;
export const stillUrl = (camera: string, at: number) => `/api/v1/cameras/${camera}/still.jpg?t=${at}`;
