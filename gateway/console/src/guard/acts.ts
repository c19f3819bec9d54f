// SPDX-License-Identifier: Apache-2.0
// The acts that need no sheet: one call, and the daemon's answer is on the card.
import { api, type Visit } from "../api";
import { devices, learned } from "../live";
import { attempt, tell } from "../notes";
import type { Act } from "../visit";
import { t } from "../words";
import { moveEscort } from "./escort_sheet";

const moves = { register: "registered", call: "called", finish: "finished", away: "away", come_back: "in_meeting" } as const;
const escorts = { hand_over: "handed_over", escort_back: "returned" } as const;

async function takePortrait(visit: Visit) {
  const cameras = devices.value.filter((one) => one.kind === "camera" && one.online);
  const camera = cameras.find((one) => /lobby|lobi|pos|wait/.test(one.id)) ?? cameras[0];
  if (!camera) return void tell(t("new.no_camera"));
  await attempt(async () => learned(await api.setPortrait(visit.id, (await api.takePicture(camera.id)).hash)), t("done.portrait"));
}

// True when it was one of these acts.
export async function actAtOnce(act: Act, visit: Visit): Promise<boolean> {
  if (act === "ask" || act === "ask_again") {
    await attempt(async () => learned(await api.ask(visit.id)), t("done.ask"));
  } else if (act === "attest") {
    const step = visit.next;
    if (step) await attempt(async () => learned(await api.attest(visit.id, step.step)));
  } else if (act === "portrait") {
    await takePortrait(visit);
  } else if (act in moves) {
    const to = moves[act as keyof typeof moves];
    await attempt(async () => learned(await api.move(visit.id, to)));
  } else if (act in escorts) {
    await moveEscort(visit, escorts[act as keyof typeof escorts]);
  } else {
    return false;
  }
  return true;
}
