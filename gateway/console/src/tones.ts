// SPDX-License-Identifier: Apache-2.0
// Each verdict has a tone of its own, so a guard who looks at the guest still knows. Browsers allow sound only after a
// first key or click, which signing in already is.
import { signal } from "@preact/signals";
import { recall, remember } from "./words";

export type Kind = "pass" | "check" | "refuse"; // of a verdict
// Besides verdicts: a standing alarm, metal at the detector, and the aide's decision by what it was.
export type Tone = Kind | "alarm" | "metal" | "accepted" | "declined" | "decided";

export const soundOn = signal(recall("gapura.sound") !== "off");
export function setSound(on: boolean) {
  remember("gapura.sound", on ? "on" : "off");
  soundOn.value = on;
}

// Whether this browser lets the page sound now.
export const audible = signal(false);
let audio: AudioContext | null = null;
function unlock() {
  try {
    if (!audio) {
      audio = new AudioContext();
      audio.onstatechange = () => {
        audible.value = audio?.state === "running";
      };
      audible.value = audio.state === "running";
    }
    if (audio.state === "suspended") void audio.resume();
  } catch {
    audio = null; // no sound device: the band still shows
  }
}
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, unlock, { passive: true });

// [hertz, start, length] in seconds. Pass rises, check repeats, refuse falls and is longest. Metal is the highest and
// alternates. The aide's decision begins with one bell, then rises, falls or stays.
const notes: Record<Tone, [number, number, number][]> = {
  pass: [
    [660, 0, 0.11],
    [990, 0.12, 0.2],
  ],
  check: [
    [520, 0, 0.14],
    [520, 0.2, 0.14],
  ],
  refuse: [
    [330, 0, 0.22],
    [220, 0.24, 0.5],
  ],
  alarm: [
    [740, 0, 0.12],
    [740, 0.18, 0.12],
    [740, 0.36, 0.12],
  ],
  metal: [
    [1320, 0, 0.16],
    [1760, 0.18, 0.16],
    [1320, 0.36, 0.16],
    [1760, 0.54, 0.2],
  ],
  accepted: [
    [587, 0, 0.18],
    [784, 0.2, 0.14],
    [1175, 0.36, 0.3],
  ],
  declined: [
    [587, 0, 0.18],
    [440, 0.2, 0.14],
    [294, 0.36, 0.3],
  ],
  decided: [
    [587, 0, 0.18],
    [698, 0.2, 0.14],
    [698, 0.36, 0.3],
  ],
};
const loud = 0.4;

// `muted_too`: also while the sound is switched off.
export function playTone(kind: Tone, muted_too = false) {
  if (audio?.state !== "running" || (!soundOn.value && !muted_too)) return;
  for (const [hertz, start, length] of notes[kind]) {
    const at = audio.currentTime + start;
    const tone = audio.createOscillator();
    const level = audio.createGain();
    tone.type = kind === "pass" ? "sine" : "triangle";
    tone.frequency.value = hertz;
    level.gain.setValueAtTime(0, at);
    level.gain.linearRampToValueAtTime(kind === "metal" ? loud : 0.25, at + 0.01);
    level.gain.linearRampToValueAtTime(0, at + length);
    tone.connect(level).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length + 0.02);
  }
}

// Sounds at once and every two seconds until the returned function is called. The switch for the sound does not silence it,
// and says so on its own button.
const again_ms = 2000;
export function soundUntil(kind: Tone): () => void {
  playTone(kind, true);
  const timer = setInterval(() => playTone(kind, true), again_ms);
  return () => clearInterval(timer);
}
