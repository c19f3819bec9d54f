// SPDX-License-Identifier: Apache-2.0
// One person or thing of a list, 56 px high, to be opened: what it is, what is known of it, and at the right since when and how
// it is.
import type { ComponentChildren } from "preact";

interface Props {
  picture?: ComponentChildren;
  title: ComponentChildren;
  detail?: ComponentChildren;
  time?: ComponentChildren;
  state?: ComponentChildren;
  special?: boolean; // the guest with the gold edge
  selected?: boolean; // shown elsewhere on the screen
  class?: string;
  onOpen: () => void;
  [data: `data-${string}`]: unknown;
}

export function Row({ picture, title, detail, time, state, special, selected, class: more, onOpen, ...data }: Props) {
  const name = ["row", special && "row-special", selected && "row-selected", more].filter(Boolean).join(" ");
  return (
    <button type="button" class={name} aria-current={selected ? "true" : undefined} onClick={onOpen} {...data}>
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
    </button>
  );
}
