// SPDX-License-Identifier: Apache-2.0
// This screen as a witness: it keeps the last signed checkpoint of the record and sees at every visit whether the present one
// goes on from it (docs/record-format.md). A person who changes the record on the gateway cannot change what is kept here.

import { signal } from "@preact/signals";
import { ApiError, api } from "./api";
import { recall, remember } from "./words";

export interface Checkpoint {
  origin: string;
  size: number;
  root: string; // base64
}
// broken: the present checkpoint is no continuation of the kept one. `why` is a word of record.why.*
export type Verdict =
  | { state: "unknown" }
  | { state: "good"; size: number; time: string }
  | { state: "broken"; why: "older" | "other" | "signature" | "log"; kept: Checkpoint; now: Checkpoint; note: string };

export const verdict = signal<Verdict>({ state: "unknown" });

type Bytes = Uint8Array<ArrayBuffer>;
const bytesOf = (base64: string): Bytes => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const textOf = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

async function node(left: Bytes, right: Bytes): Promise<Bytes> {
  const whole = new Uint8Array(65);
  whole[0] = 1;
  whole.set(left, 1);
  whole.set(right, 33);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}
const odd = (n: number) => n % 2 === 1; // sizes may be beyond 32 bits, where & would cut them
const half = (n: number) => Math.floor(n / 2);

// RFC 9162, section 2.1.4.2.
export async function consistent(from: Checkpoint, to: Checkpoint, proof: string[]): Promise<boolean> {
  if (from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && from.root === to.root;
  const path = proof.map(bytesOf);
  let position = from.size - 1;
  let last = to.size - 1;
  while (odd(position)) [position, last] = [half(position), half(last)];
  if (!path.length) return false;
  let older = isPowerOfTwo(from.size) ? bytesOf(from.root) : path.shift()!;
  let newer = older;
  for (const hash of path) {
    if (last === 0) return false;
    if (odd(position) || position === last) {
      older = await node(hash, older);
      newer = await node(hash, newer);
      while (!odd(position) && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      newer = await node(newer, hash);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && textOf(older) === from.root && textOf(newer) === to.root;
}
const isPowerOfTwo = (n: number) => Number.isInteger(Math.log2(n));

export function parseNote(note: string): Checkpoint | null {
  const [origin, size, root, blank] = note.split("\n");
  if (!origin || !/^(0|[1-9][0-9]*)$/.test(size) || !/^[A-Za-z0-9+/]{43}=$/.test(root) || blank !== "") return null;
  return { origin, size: Number(size), root };
}

// True, false, or null where this browser knows no Ed25519.
export async function signedBy(note: string, keys: string[]): Promise<boolean | null> {
  const end = note.lastIndexOf("\n\n");
  const text = new TextEncoder().encode(note.slice(0, end + 1));
  for (const line of note.slice(end + 2).split("\n")) {
    const [dash, name, signature] = line.split(" ");
    if (dash !== "\u2014" || !signature) continue;
    for (const key of keys) {
      const [owner, id, coded] = [key.split("+")[0], key.split("+")[1], key.split("+").slice(2).join("+")];
      const bytes = bytesOf(signature);
      const hex = [...bytes.slice(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      if (owner !== name || id !== hex) continue;
      try {
        const known = await crypto.subtle.importKey("raw", bytesOf(coded).slice(1), { name: "Ed25519" }, false, ["verify"]);
        return await crypto.subtle.verify({ name: "Ed25519" }, known, bytes.slice(4), text);
      } catch (problem) {
        return problem instanceof DOMException && problem.name === "NotSupportedError" ? null : false;
      }
    }
  }
  return false;
}

const place = (origin: string) => `gapura.record.${origin.replace(/\/log\d+$/, "")}`;

async function judge(): Promise<Verdict> {
  const answer = await api.checkpoint();
  const now = parseNote(answer.checkpoint);
  if (!now) return { state: "unknown" };
  const good: Verdict = { state: "good", size: now.size, time: answer.time };
  const kept = parseNote(recall(place(now.origin)) ?? "");
  const broken = (why: "older" | "other" | "signature" | "log"): Verdict => ({ state: "broken", why, kept: kept ?? now, now, note: answer.checkpoint });
  if ((await signedBy(answer.checkpoint, answer.keys)) === false) return broken("signature");
  if (kept) {
    if (kept.origin !== now.origin) return broken("log");
    if (kept.size > now.size) return broken("older");
    const proof = kept.size === now.size ? [] : (await api.consistency(kept.size, now.size)).proof;
    if (!(await consistent(kept, now, proof))) return broken("other");
  }
  remember(place(now.origin), answer.checkpoint);
  return good;
}

// At every visit, and once an hour while the screen stays. A line that is down changes nothing.
export function witness(): () => void {
  if (!globalThis.crypto?.subtle) return () => {};
  const look = () =>
    void judge()
      .then((found) => {
        verdict.value = found;
      })
      .catch((problem) => {
        if (!(problem instanceof ApiError)) throw problem;
      });
  look();
  const hourly = setInterval(look, 3_600_000);
  return () => clearInterval(hourly);
}

// A person knows why (an officer's continuation, a restored backup) and goes on from here.
export function accept(found: Verdict) {
  if (found.state !== "broken") return;
  remember(place(found.now.origin), found.note);
  verdict.value = { state: "good", size: found.now.size, time: "" };
}
