// SPDX-License-Identifier: Apache-2.0
// The one way to call the daemon. A path, a part of it, a body or a use of the answer that openapi.json does not declare does
// not compile. It declares no query: those are of the caller's making.
import type { Answer, Input, Method, PathOf } from "./routes";
import type { Candidate } from "./shapes";

// Why a call failed. `kind` is the last part of the problem's type, or `offline` when there was no answer at all. `from`: when
// it would no longer be refused, where the daemon knows that.
export class ApiError extends Error {
  constructor(
    readonly kind: string,
    readonly status: number,
    readonly detail: string,
    readonly from?: string,
    readonly candidates: Candidate[] = [],
  ) {
    super(detail || kind);
  }
}

// A line can die without a word: a reading that hangs this long says that it has. What a person asked for is waited for.
const look_limit_ms = 8000;

let onSignedOut: () => void = () => {};
// Called when the daemon no longer knows this session, so that the sign-in screen comes up over a kept draft.
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

export type Query = Record<string, string | number | undefined>;
interface How {
  query?: Query; // what is undefined or empty is left out
  key?: string; // Idempotency-Key: the same act sent twice is done once
  keepalive?: boolean;
  background?: boolean; // a screen asks by itself: the session's idle minutes go on, and no PIN is asked for
}
interface Sending extends How {
  at?: Record<string, string | number>;
  body?: object;
}

function filled(path: string, { at = {}, query = {} }: Sending): string {
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = asked.map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join("&");
  const named = path.replace(/\{(\w+)\}/g, (_, name: string) => String(at[name]));
  return `/api/v1${named}${search && `?${search}`}`;
}

async function send(method: Method, path: string, options: Sending): Promise<unknown> {
  const headers: Record<string, string> = { "X-Gapura": "1", Accept: "application/json" };
  if (options.body) headers["Content-Type"] = "application/json";
  if (options.background) headers["X-Gapura-Background"] = "1";
  if (options.key) headers["Idempotency-Key"] = options.key;
  let answer: Response;
  try {
    answer = await fetch(filled(path, options), {
      method,
      headers,
      body: options.body && JSON.stringify(options.body),
      credentials: "same-origin",
      cache: "no-store",
      keepalive: options.keepalive,
      signal: options.background ? AbortSignal.timeout(look_limit_ms) : undefined,
    });
  } catch {
    throw new ApiError("offline", 0, "");
  }
  if (!answer.ok) {
    const problem = await problemOf(answer);
    if (problem.kind === "proof_required") {
      onViewOnly(true);
      if (!options.background && (await askProof())) return send(method, path, options); // the same key: the act is done once
    }
    if (answer.status === 401 && path !== "/session") onSignedOut();
    throw problem;
  }
  if (path !== "/setup") onViewOnly(answer.headers.get("X-Gapura-View-Only") === "1");
  return answer.status === 204 ? undefined : answer.json();
}

// crypto.randomUUID exists only in secure contexts; the daemon is HTTPS, development is not always.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The last argument of a call; it may be left out where the route needs nothing.
type Given<P extends PathOf<M>, M extends Method> = object extends Input<P, M> ? [input?: Input<P, M> & How] : [input: Input<P, M> & How];

// For what the browser itself gets: a picture, a download, a stream.
export const addressOf = <P extends PathOf<"get">>(path: P, ...[input]: Given<P, "get">) => filled(path, input ?? {});

export function call<M extends Method, P extends PathOf<M>>(method: M, path: P, ...[input]: Given<P, M>): Promise<Answer<P, M>> {
  return send(method, path, input ?? {}) as Promise<Answer<P, M>>;
}
// A person asks; a `look` is what the page asks by itself.
export const get = <P extends PathOf<"get">>(path: P, ...input: Given<P, "get">) => call("get", path, ...input);
export const look = <P extends PathOf<"get">>(path: P, ...[input]: Given<P, "get">) => send("get", path, { ...input, background: true }) as Promise<Answer<P>>;
// An act: with a key of its own, unless the caller has one.
export const post = <P extends PathOf<"post">>(path: P, ...[input]: Given<P, "post">) =>
  send("post", path, { key: newKey(), body: {}, ...input }) as Promise<Answer<P, "post">>;
