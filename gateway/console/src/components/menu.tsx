// SPDX-License-Identifier: Apache-2.0
// A menu at a name. Escape closes it, with the focus back at the name; so does a press elsewhere. A sheet that one of its acts
// opens gives the focus back to the name, too.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button, type ButtonProps } from "./button";

interface Props {
  name: ComponentChildren;
  label?: string; // where the name is a symbol
  children: ComponentChildren;
}

export function Menu({ name, label, children }: Props) {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const shutElsewhere = (event: Event) => {
      if (box.current?.open && !box.current.contains(event.target as Node)) box.current.open = false;
    };
    const shutByKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !box.current?.open || document.querySelector("dialog[open]")) return;
      event.stopPropagation();
      shut(box.current);
    };
    document.addEventListener("pointerdown", shutElsewhere);
    document.addEventListener("keydown", shutByKey, true);
    return () => {
      document.removeEventListener("pointerdown", shutElsewhere);
      document.removeEventListener("keydown", shutByKey, true);
    };
  }, []);
  return (
    <details class="account" ref={box}>
      <summary aria-label={label}>{name}</summary>
      <div class="account-menu">{children}</div>
    </details>
  );
}

function shut(menu: HTMLDetailsElement) {
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

export function MenuAct({ onAct, ...rest }: ButtonProps & { onAct: () => void; [data: `data-${string}`]: unknown }) {
  return (
    <Button
      {...rest}
      onClick={(event) => {
        const menu = event.currentTarget.closest("details");
        if (menu) shut(menu);
        onAct();
      }}
    />
  );
}
