// SPDX-License-Identifier: Apache-2.0
// The shift: who is on duty, what is handed over and with which words; the next guard accepts under their own name.

import { useState } from "preact/hooks";
import { api } from "../api";
import { Button } from "../components/button";
import { Field } from "../components/field";
import { Sheet } from "../components/sheet";
import { refreshPost, shift } from "../live";
import { attempt } from "../notes";
import { session } from "../session";
import { t } from "../words";
import { DetectorTests } from "./detector_test";

export function onDuty(): boolean {
  const me = session.value?.user.id;
  return shift.value?.guards.some((one) => one.id === me) ?? false;
}
export const acceptShift = () =>
  attempt(async () => {
    shift.value = await api.acceptShift();
  }, t("done.shift_accept"));
export const setPost = (attended: boolean) =>
  attempt(
    async () => {
      shift.value = await api.setPost(attended);
    },
    attended ? t("done.post_back") : undefined,
  );

export function ShiftSheet({ onClose }: { onClose: () => void }) {
  const duty = shift.value;
  const me = session.value?.user.id;
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  if (!duty) return null;
  const mine = duty.guards.some((one) => one.id === me);
  const others = duty.colleagues.filter((one) => one.id !== me);
  const over = duty.to_hand_over;
  async function handOver(event: SubmitEvent) {
    event.preventDefault();
    if (!to) return;
    const name = others.find((one) => one.id === to)?.name ?? to;
    const done = await attempt(
      async () => {
        shift.value = await api.handOver(to, note.trim());
        await refreshPost();
      },
      t("done.shift_over", { name }),
    );
    if (done) onClose();
  }
  return (
    <Sheet title={t("shift.title")} onClose={onClose}>
      <div class="stack">
        <p>
          {t("shift.guards")}: <b>{duty.guards.map((one) => one.name).join(", ") || t("shift.nobody")}</b>
        </p>
        {duty.note && (
          <p class="quoted">
            <small>{t("shift.last_note")}</small>
            {duty.note}
          </p>
        )}
        {duty.handed_to && <p class="notice">{t("shift.waiting", { name: duty.handed_to.name })}</p>}
        {duty.handed_to?.id === me && (
          <Button kind="primary" size="big" data-shift="accept" onClick={() => void acceptShift().then((done) => done && onClose())}>
            {t("shift.accept")}
          </Button>
        )}
        {!mine && duty.handed_to?.id !== me && (
          <Button
            kind="primary"
            size="big"
            data-first=""
            data-shift="start"
            onClick={() =>
              void attempt(async () => {
                shift.value = await api.startShift();
              }, t("done.shift_start")).then((done) => done && onClose())
            }
          >
            {t("shift.start")}
          </Button>
        )}
        {mine && (
          <form class="stack" onSubmit={handOver}>
            <dl class="facts facts-over">
              {(["visits", "badges", "deposits", "alarms"] as const).map((one) => (
                <div key={one}>
                  <dt>{t(`shift.${one}`)}</dt>
                  <dd>{over[one]}</dd>
                </div>
              ))}
              <div>
                <dt>{t("shift.devices")}</dt>
                <dd>{over.devices_offline.length}</dd>
              </div>
            </dl>
            {others.length === 0 ? (
              <p class="muted">{t("shift.no_colleagues")}</p>
            ) : (
              <Field label={t("shift.to")}>
                <select required value={to} data-first="" onChange={(event) => setTo(event.currentTarget.value)}>
                  <option value="">…</option>
                  {others.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name}
                    </option>
                  ))}
                </select>
              </Field>
            )}
            <DetectorTests since={duty.entry} />
            <Field label={t("shift.note")}>
              <textarea rows={3} maxLength={1000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
            </Field>
            <footer class="dialog-foot">
              <Button
                data-post={duty.attended ? "leave" : "back"}
                onClick={() => {
                  onClose();
                  void setPost(!duty.attended);
                }}
              >
                {t(duty.attended ? "post.leave" : "post.back")}
              </Button>
              <Button submit kind="primary" disabled={!to}>
                {t("shift.hand_over")}
              </Button>
            </footer>
          </form>
        )}
      </div>
    </Sheet>
  );
}
