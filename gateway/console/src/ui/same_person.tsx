// SPDX-License-Identifier: Apache-2.0
// The daemon knows a person who could be the guest of this form: one number under another name, or an expected guest of this
// name. Both names are shown, and a person decides; nothing is stored before.

import { useLayoutEffect, useRef } from "preact/hooks";
import { ApiError, type Candidate } from "../api";
import { Button } from "../components/button";
import { momentText } from "../time";
import { t } from "../words";

export const someoneElse = "new";
// Who could be meant, where that is why a call was refused.
export const candidatesOf = (error: unknown): Candidate[] => (error instanceof ApiError && error.kind === "same_person" ? error.candidates : []);

export const isHere = (one: Candidate) => one.visit !== null && one.state !== "planned" && one.state !== "arrived";
const plain = (name: string) => name.trim().replace(/\s+/g, " ").toLowerCase();

function standing(one: Candidate): string {
  if (isHere(one)) return t("same.here");
  return one.expected ? t("same.expected", { time: momentText(one.expected) }) : t(one.visit ? "same.planned" : "same.before");
}

interface Props {
  name: string; // as it was typed
  candidates: Candidate[];
  busy: boolean;
  yes: (one: Candidate) => string; // the button's words
  onYes: (one: Candidate) => void;
  onNo: () => void;
}

export function SamePerson({ name, candidates, busy, yes, onYes, onNo }: Props) {
  const box = useRef<HTMLDivElement>(null);
  // To the question, not to a button: the Enter that sent the form must not answer it.
  useLayoutEffect(() => box.current?.focus(), []);
  const by_name = candidates.every((one) => plain(one.name) === plain(name));
  return (
    <div ref={box} class="same-person notice notice-check" role="alertdialog" aria-labelledby="same-person-text" tabIndex={-1}>
      <p id="same-person-text">{t(by_name ? "same.name" : "same.number", { name })}</p>
      {candidates.map((one) => (
        <p key={one.person} class="same-person-one">
          <span>
            <strong>{one.name}</strong> <small>{standing(one)}</small>
          </span>
          <Button data-same={one.person} disabled={busy} onClick={() => onYes(one)}>
            {yes(one)}
          </Button>
        </p>
      ))}
      <Button data-same="new" disabled={busy} onClick={onNo}>
        {t("same.no", { name })}
      </Button>
    </div>
  );
}
