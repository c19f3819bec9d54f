// SPDX-License-Identifier: Apache-2.0
// The three verdict shapes: ring, exclamation, cross. They carry the verdict where colour can't.
import type { Kind } from "../tones";

export function VerdictShape({ kind, class: name = "" }: { kind: Kind | "idle"; class?: string }) {
  return (
    <svg class={`shape shape-${kind} ${name}`} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      {kind === "pass" && <circle cx="24" cy="24" r="17" />}
      {kind === "check" && <path d="M24 7v22M24 39v2" />}
      {kind === "refuse" && <path d="M9 9l30 30M39 9L9 39" />}
      {kind === "idle" && <path d="M9 15V9h6M33 9h6v6M39 33v6h-6M15 39H9v-6M16 24h16" />}
    </svg>
  );
}
