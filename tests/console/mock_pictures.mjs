// SPDX-License-Identifier: Apache-2.0
// Drawings in place of cameras and people: plainly sample, nobody's likeness. SVG, which a browser shows under any name.
const skins = ["#c99a73", "#a97850", "#8a5c3b", "#d8ad86"];
const clothes = ["#27506b", "#6b2f2a", "#2f5b41", "#5a4a78", "#7a6430", "#3c4a52"];
const pick = (list, seed) => list[seed % list.length];
const seedOf = (text) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);

function person(seed, x, y, scale) {
  const veil = seed % 3 === 0;
  const cloth = pick(clothes, seed >> 3);
  return `<g transform="translate(${x} ${y}) scale(${scale})">
    <path d="M-60 130c0-62 26-84 60-84s60 22 60 84z" fill="${cloth}"/>
    <path d="M-22 60l22 26 22-26-8-10h-28z" fill="${veil ? cloth : "#f0efe9"}" opacity=".85"/>
    ${veil ? `<path d="M0-46c-34 0-44 30-42 62 2 34 14 52 42 52s40-18 42-52c2-32-8-62-42-62z" fill="${pick(clothes, seed >> 5)}"/>` : ""}
    <rect x="-11" y="26" width="22" height="26" fill="${pick(skins, seed)}"/>
    <ellipse cx="0" cy="4" rx="27" ry="34" fill="${pick(skins, seed)}"/>
    ${veil ? "" : seed % 2 ? `<path d="M-29-12c0-26 16-28 29-28s29 2 29 28z" fill="#141a1e"/>` : `<path d="M-28 0c-4-30 10-42 28-42s32 12 28 42c-4-14-8-20-28-20s-24 6-28 20z" fill="#23201f"/>`}
    <circle cx="-10" cy="4" r="3" fill="#231f1d"/><circle cx="10" cy="4" r="3" fill="#231f1d"/>
    <path d="M-9 20q9 6 18 0" stroke="#6e3b2c" stroke-width="2.500" fill="none"/></g>`;
}
const svg = (w, h, inner) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}">${inner}</svg>`;
const label = (text, w, h) => `<text x="${w - 6}" y="${h - 7}" text-anchor="end" font-family="sans-serif" font-size="${Math.round(h / 18)}" fill="#fff" opacity=".85">CONTOH ${text}</text>`;

function scene(kind, seed) {
  const clock = new Date().toISOString().slice(11, 19);
  const wall = { waiting: "#8d8577", gate: "#66747a", exit: "#5d6a6f", door: "#74695d" }[kind] ?? "#6b7377";
  const things = {
    waiting: `<rect x="40" y="150" width="400" height="46" rx="6" fill="#5a4634"/><rect x="60" y="40" width="90" height="70" fill="#c5cfd1"/>${person(seed, 170, 130, 0.62)}${seed % 2 ? person(seed + 5, 300, 134, 0.6) : ""}`,
    gate: `<path d="M100 40v230M380 40v230" stroke="#39464c" stroke-width="18"/><path d="M118 170h110M362 170h-110" stroke="#c9d1d2" stroke-width="10"/>${person(seed, 240, 110, 0.7)}`,
    exit: `<path d="M70 60h340v220h-340z" fill="#87959a"/><path d="M240 60v220" stroke="#59666b" stroke-width="6"/>`,
    door: `<rect x="170" y="30" width="140" height="240" fill="#4b3726"/><circle cx="292" cy="155" r="6" fill="#d9b45a"/>`,
  };
  return svg(480, 270, `<rect width="480" height="270" fill="${wall}"/><rect y="205" width="480" height="65" fill="#4d5254"/>${things[kind] ?? person(seed, 240, 110, 0.8)}${label(`${kind} ${clock}`, 480, 270)}`);
}

export function picture(name) {
  const [what, kind = "", who = ""] = name.split(":");
  if (what === "portrait") {
    const seed = seedOf(kind);
    return svg(240, 300, `<rect width="240" height="300" fill="#b9c4c6"/>${person(seed, 120, 118, 1.35)}${label("", 240, 300)}`);
  }
  if (what === "scan") return scene("gate", seedOf(kind));
  if (what === "waiting") return scene("waiting", seedOf(kind));
  return scene(what.replace(/^still-(cam-)?/, ""), seedOf(who || what));
}

export function qr() {
  let cells = "";
  for (let y = 0; y < 25; y++) for (let x = 0; x < 25; x++) {
    const corner = (x < 7 && y < 7) || (x > 17 && y < 7) || (x < 7 && y > 17);
    if (!corner && ((x * 7 + y * 13 + x * y * 3) % 5) < 2) cells += `M${x + 2} ${y + 2}h1v1h-1z`;
  }
  const eye = (x, y) => `M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5zM${x + 2} ${y + 2}h3v3h-3z`;
  return svg(29, 29, `<rect width="29" height="29" fill="#fff"/><path fill-rule="evenodd" d="${cells}${eye(2, 2)}${eye(20, 2)}${eye(2, 20)}"/>`);
}
