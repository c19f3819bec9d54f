// SPDX-License-Identifier: Apache-2.0
// The symbols of the screens, drawn, for no font is sure to have them. 24 × 24, in the colour and size of the text beside them.
const drawn = {
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  play: "M8 5l11 7-11 7z",
  arrow: "M5 12h14M13 6l6 6-6 6",
  menu: "M4 6h16M4 12h16M4 18h16",
  done: "M5 13l4.5 4.5L19 7",
  ring: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z",
};
export type IconName = keyof typeof drawn;
export const icons = Object.keys(drawn) as IconName[];

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={drawn[name]} />
    </svg>
  );
}
