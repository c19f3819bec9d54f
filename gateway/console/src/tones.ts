// SPDX-License-Identifier: Apache-2.0
// Each verdict has a tone of its own, so a guard who looks at the guest still knows. Browsers allow sound only after a
// first key or click, which signing in already is.
import { makeStore } from "./store";
import { recall, remember } from "./words";

export type Kind = "pass" | "check" | "refuse"; // of a verdict

export const soundOn = makeStore(recall("gapura.sound") !== "off");
export function setSound(on: boolean) {
  remember("gapura.sound", on ? "on" : "off");
  soundOn.set(on);
}

let audio: AudioContext | null = null;
function unlock() {
  try {
    audio ??= new AudioContext();
    if (audio.state === "suspended") void audio.resume();
  } catch {
    audio = null; // no sound device: the band still shows
  }
}
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, unlock, { passive: true });

// [hertz, start, length] in seconds. Pass rises, check repeats, refuse falls and is longest.
const notes: Record<Kind | "alarm", [number, number, number][]> = {
  pass: [[660, 0, 0.11], [990, 0.12, 0.2]],
  check: [[520, 0, 0.14], [520, 0.2, 0.14]],
  refuse: [[330, 0, 0.22], [220, 0.24, 0.5]],
  alarm: [[740, 0, 0.12], [740, 0.18, 0.12], [740, 0.36, 0.12]],
};

export function playTone(kind: Kind | "alarm") {
  if (!audio || audio.state !== "running" || !soundOn.get()) return;
  for (const [hertz, start, length] of notes[kind]) {
    const at = audio.currentTime + start;
    const tone = audio.createOscillator();
    const level = audio.createGain();
    tone.type = kind === "pass" ? "sine" : "triangle";
    tone.frequency.value = hertz;
    level.gain.setValueAtTime(0, at);
    level.gain.linearRampToValueAtTime(0.25, at + 0.01);
    level.gain.linearRampToValueAtTime(0, at + length);
    tone.connect(level).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length + 0.02);
  }
}
