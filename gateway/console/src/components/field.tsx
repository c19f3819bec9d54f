// SPDX-License-Identifier: Apache-2.0
// A control with its name above it. `error`: what is wrong with what was typed, said to a screen reader at once.
import type { ComponentChildren } from "preact";

interface Props {
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: string;
  class?: string;
  children: ComponentChildren; // the control
}

export function Field({ label, hint, error, class: more, children }: Props) {
  return (
    <label class={[more, error && "field-bad"].filter(Boolean).join(" ") || undefined}>
      {label} {hint && <small class="field-hint">{hint}</small>}
      {children}
      {error && (
        <small class="field-error" role="alert">
          {error}
        </small>
      )}
    </label>
  );
}
