// SPDX-License-Identifier: Apache-2.0
// The native dialog, which brings focus keeping, Escape and the inert page behind it.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { notes } from "../notes";
import { useStore } from "../store";
import { t } from "../words";

// What went wrong is said inside the sheet: the page behind it is dimmed and inert.
function Failures() {
  const failed = useStore(notes).filter((note) => note.kind === "failed");
  return <div role="alert">{failed.map((note) => <p key={note.id} class="dialog-failed">{note.text}</p>)}</div>;
}

interface Props {
  title: string;
  onClose: () => void;
  class?: string;
  children: ComponentChildren;
  onKey?: (event: KeyboardEvent) => void;
}

export function Dialog({ title, onClose, class: name = "", children, onKey }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Before the next key arrives: a guard types on right after F2.
  useLayoutEffect(() => {
    const back = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    box.current?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => back?.isConnected && back.focus();
  }, []);
  return (
    <dialog
      ref={box}
      class={`dialog ${name}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={onKey}
    >
      <header class="dialog-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" class="icon-button" aria-label={t("close")} onClick={onClose}>✕</button>
      </header>
      <Failures />
      {children}
    </dialog>
  );
}
