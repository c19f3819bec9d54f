// SPDX-License-Identifier: Apache-2.0
// One person or thing of a list, 56 px high: what it is, what is known of it, and at the right since when and how it is.
import type { ComponentChildren } from "preact";

interface Props {
  picture?: ComponentChildren;
  title: ComponentChildren;
  detail?: ComponentChildren;
  time?: ComponentChildren;
  state?: ComponentChildren;
  special?: boolean; // the guest with the gold edge
  selected?: boolean;
  onOpen?: () => void; // without it the row is nothing to press
}

export function Row({ picture, title, detail, time, state, special, selected, onOpen }: Props) {
  const name = ["row", special && "row-special", selected && "row-selected"].filter(Boolean).join(" ");
  const inside = (
    <>
      {picture}
      <span class="row-words">
        <b>{title}</b>
        {detail && <small>{detail}</small>}
      </span>
      {(time || state) && (
        <span class="row-state">
          {time && <b>{time}</b>}
          {state && <small>{state}</small>}
        </span>
      )}
    </>
  );
  return onOpen ? (
    <button type="button" class={name} aria-pressed={selected} onClick={onOpen}>
      {inside}
    </button>
  ) : (
    <div class={name}>{inside}</div>
  );
}
