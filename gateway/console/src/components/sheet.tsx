// SPDX-License-Identifier: Apache-2.0
// The native dialog, which brings Escape and the inert page behind it. The focus stays in it whatever changes there: if the
// element that had it is removed, it moves to the next thing to do. When the dialog is closed it returns to where it was.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { loud, type Note, notes } from "../notes";
import { t } from "../words";
import { IconButton } from "./button";

// What went wrong, what was scanned meanwhile and that help was called is said inside the sheet: the page behind it is dimmed
// and inert. What stood before the sheet was opened belongs to something else, perhaps to another guest.
function Sayings() {
  const [before] = useState(() => new Set(notes.value.map((note) => note.id)));
  const all = notes.value;
  const holding = loud.value;
  const of = (kind: Note["kind"]) =>
    all
      .filter((note) => note.kind === kind && (note.urgent || (kind !== "done" && !before.has(note.id))))
      .map((note) => (
        <p key={note.id} class={`dialog-${kind}`}>
          {note.text}
        </p>
      ));
  return (
    <>
      <div role="alert">
        {of("failed")}
        {of("done")}
        {holding && <p class="panic-over">{holding}</p>}
      </div>
      <div role="status">{of("news")}</div>
    </>
  );
}

const open: HTMLDialogElement[] = []; // the topmost last: it alone holds the focus

const can_have_focus = "input, select, textarea, button, a[href], summary, [tabindex]";
function isReady(one: HTMLElement): boolean {
  return !one.matches(":disabled") && one.getClientRects().length > 0;
}
const reachable = (box: HTMLElement) => [...box.querySelectorAll<HTMLElement>(can_have_focus)].filter((one) => isReady(one) && one.tabIndex >= 0);
// What a sheet marks, else the first thing in it that does no harm when Enter is pressed; the dialog itself when there is none.
function nextThing(box: HTMLDialogElement): HTMLElement {
  const marked = [...box.querySelectorAll<HTMLElement>("[data-first]")].find(isReady);
  return marked ?? reachable(box).find((one) => !one.matches(".dialog-head *, .danger")) ?? box;
}
function keepFocus(box: HTMLDialogElement) {
  if (open[open.length - 1] !== box) return;
  const here = document.activeElement;
  if (here && here !== box && box.contains(here) && !here.matches(":disabled")) return;
  nextThing(box).focus();
}

// From the last thing to the first and back: the browser would go on to its own buttons.
function turnRound(event: KeyboardEvent, box: HTMLElement) {
  if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return;
  const all = reachable(box);
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  if (!edge || (document.activeElement !== edge && document.activeElement !== box)) return;
  event.preventDefault();
  (event.shiftKey ? all[all.length - 1] : all[0]).focus();
}

interface Props {
  title: string;
  onClose: () => void;
  class?: string;
  children: ComponentChildren;
  onKey?: (event: KeyboardEvent) => void;
}

export function Sheet({ title, onClose, class: name = "", children, onKey }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Before the next key arrives: a guard types on right after F2.
  useLayoutEffect(() => {
    const dialog = box.current!;
    const back = document.activeElement as HTMLElement | null;
    dialog.showModal();
    open.push(dialog);
    nextThing(dialog).focus();
    const watch = new MutationObserver(() => keepFocus(dialog));
    watch.observe(dialog, { subtree: true, childList: true, attributeFilter: ["disabled"] });
    return () => {
      watch.disconnect();
      open.splice(open.indexOf(dialog), 1);
      dialog.close(); // what lies behind it is inert until then
      if (back?.isConnected) back.focus();
      const below = open[open.length - 1];
      if (below) keepFocus(below);
    };
  }, []);
  return (
    <dialog
      ref={box}
      tabIndex={-1}
      class={`dialog ${name}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && event.repeat) event.preventDefault(); // held down, it opened this sheet and answers nothing in it
        turnRound(event, event.currentTarget);
        onKey?.(event);
      }}
    >
      <header class="dialog-head">
        <h2 id={heading}>{title}</h2>
        <IconButton icon="close" label={t("close")} onClick={onClose} />
      </header>
      <Sayings />
      {children}
    </dialog>
  );
}
