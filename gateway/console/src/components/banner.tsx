// SPDX-License-Identifier: Apache-2.0
// What is wrong with the post, above everything else, with what a person does instead. `check`: a device, the line, a call to
// act; `refuse`: no door opens, or an alarm. Whether it is an alert or a status says who shows it.
import type { ComponentChildren, JSX } from "preact";

interface Props extends Omit<JSX.HTMLAttributes<HTMLParagraphElement>, "class"> {
  kind?: "check" | "refuse" | "empty" | "lockdown";
  class?: string;
  children?: ComponentChildren;
  [data: `data-${string}`]: unknown;
}

export function Banner({ kind, class: more, ...rest }: Props) {
  return <p class={["banner", kind && `banner-${kind}`, more].filter(Boolean).join(" ")} {...rest} />;
}

export function BannerAct(props: Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, "type" | "class">) {
  return <button type="button" class="banner-act" {...props} />;
}
