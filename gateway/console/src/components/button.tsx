// SPDX-License-Identifier: Apache-2.0
// The one large act of a place is `primary`; what cannot be taken back is `danger`; `quiet` looks like a link. Nothing submits a
// form but what says so.
import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icon";

type Rest = Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, "type" | "class" | "size" | "icon">;
export type ButtonKind = "primary" | "plain" | "quiet" | "danger" | "chip";
export interface ButtonProps extends Rest {
  kind?: ButtonKind;
  size?: "big" | "small";
  submit?: boolean;
  class?: string;
  children?: ComponentChildren;
}

export function Button({ kind = "plain", size, submit = false, class: more, ...rest }: ButtonProps) {
  return <button type={submit ? "submit" : "button"} class={[kind, size, more].filter(Boolean).join(" ")} {...rest} />;
}

// A symbol alone: its name is for who cannot see it.
export function IconButton({ icon, label, class: more, ...rest }: Rest & { icon: IconName; label: string; class?: string }) {
  return (
    <button type="button" class={more ? `icon-button ${more}` : "icon-button"} aria-label={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
