// SPDX-License-Identifier: Apache-2.0
// F9 held for two seconds is the panic alarm, wherever the hands are. With Shift it is silent: nothing on this screen
// changes, because a person may be standing behind the guard.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { api } from "../api";
import { attempt, loud, tellUrgent } from "../notes";
import { session } from "../session";
import { t } from "../words";

const hold_ms = 2000;
const where = "post";

export function usePanic(onShort: () => void) {
  const [since, setSince] = useState<number | null>(null);
  const timer = useRef(0);
  const silent = useRef(false);

  function show(held: boolean) {
    setSince(held ? Date.now() : null);
    loud.value = held ? t("panic.keep") : "";
  }
  function begin(quiet: boolean) {
    if (timer.current) return;
    silent.current = quiet;
    if (!quiet) show(true);
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      show(false);
      // Under the guard's own name: an alarm of a place that is active already would not be raised again.
      if (silent.current) void api.panic(session.value?.user.name ?? where, true).catch(() => {});
      else void attempt(() => api.panic(where)).then((sent) => sent && tellUrgent(t("panic.sent")));
    }, hold_ms);
  }
  // Let go too early: nothing was sent, and the short press shows what else there is.
  function end() {
    if (!timer.current) return;
    window.clearTimeout(timer.current);
    timer.current = 0;
    show(false);
    if (!silent.current) onShort();
  }
  // With the drawing and not after it: help can be called as soon as the page is seen.
  useLayoutEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.key !== "F9") return;
      event.preventDefault();
      if (!event.repeat) begin(event.shiftKey);
    };
    const up = (event: KeyboardEvent) => {
      if (event.key === "F9") end();
    };
    addEventListener("keydown", down, true);
    addEventListener("keyup", up, true);
    return () => {
      removeEventListener("keydown", down, true);
      removeEventListener("keyup", up, true);
    };
  });
  return { since, begin, end };
}

export function PanicButton({ panic }: { panic: ReturnType<typeof usePanic> }) {
  return (
    <button
      type="button"
      class={`panic-button ${panic.since !== null ? "panic-holding" : ""}`}
      title={t("panic.hold")}
      onPointerDown={() => panic.begin(false)}
      onPointerUp={panic.end}
      onPointerLeave={panic.end}
      onKeyDown={(event) => /^(Enter| )$/.test(event.key) && !event.repeat && panic.begin(false)}
      onKeyUp={(event) => /^(Enter| )$/.test(event.key) && panic.end()}
    >
      <kbd>F9</kbd> {t(panic.since !== null ? "panic.keep" : "panic.button")}
    </button>
  );
}
