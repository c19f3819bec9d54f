// SPDX-License-Identifier: Apache-2.0
// An act that needs a reason: what it does, the reason, and the act. It closes when the act is done, and says what stood in
// its way when not.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import { Sheet } from "../components/sheet";
import { complain, problemText } from "../notes";
import { t } from "../words";
import { ReasonPicker } from "./reason_picker";

export function ReasonSheet(props: {
  title: string;
  lead: string;
  options: [string, string][];
  submit: string;
  act: (reason: string) => Promise<unknown>;
  explain?: (error: unknown) => string;
  children?: ComponentChildren;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  async function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!reason.trim()) return;
    try {
      await props.act(reason.trim());
      props.onClose();
    } catch (error) {
      complain((props.explain ?? problemText)(error));
    }
  }
  return (
    <Sheet title={props.title} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="muted">{props.lead}</p>
        {props.children}
        <ReasonPicker label={t("reason")} value={reason} onPick={setReason} options={props.options} />
        <footer class="dialog-foot">
          <Button onClick={props.onClose}>{t("cancel")}</Button>
          <Button submit kind="primary" disabled={!reason.trim()}>
            {props.submit}
          </Button>
        </footer>
      </form>
    </Sheet>
  );
}
