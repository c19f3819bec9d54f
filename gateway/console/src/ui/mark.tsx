// SPDX-License-Identifier: Apache-2.0
// The mark: candi bentar, the split gate of Nusantara. Two halves of tiers with turned-up eaves, a straight cut, and the way
// between them left free. Coordinates are in a square of 64.
interface Tier {
  y: number; // of its eave
  width: number; // of its wall, from the cut outwards
}
const cut = 28.6;
const ground = 57.5;
const few: Tier[] = [
  { y: 15, width: 6.5 },
  { y: 24, width: 10.5 },
  { y: 34, width: 14.5 },
  { y: 45, width: 18.5 },
];
const many: Tier[] = [
  { y: 10.5, width: 4.2 },
  { y: 15.5, width: 6.4 },
  { y: 21, width: 8.8 },
  { y: 27, width: 11.4 },
  { y: 33.5, width: 14.2 },
  { y: 41, width: 17.4 },
  { y: 50, width: 20.6 },
];

// One half, from its finial down the outside. `out` is how far an eave overhangs, `tip` how high its horn turns up.
function half(tiers: Tier[], out: number, tip: number): string {
  const x = (width: number) => (cut - width).toFixed(2);
  let path = `M${cut} 3Q${x(0.4)} ${tiers[0].y - 3} ${x(tiers[0].width * 0.55)} ${tiers[0].y}`;
  for (const { y, width } of tiers) {
    path += `L${x(width + out * 0.4)} ${y}L${x(width + out)} ${y - tip}L${x(width + out * 0.85)} ${y + tip * 0.7}`;
    path += `L${x(width)} ${y + tip * 1.1}V${y === tiers[tiers.length - 1].y ? ground : tiers[tiers.findIndex((one) => one.y === y) + 1].y}`;
  }
  return `${path}H${cut}Z`;
}
const bold = half(few, 3, 2.6);
const fine = half(many, 1.7, 1.5);
const mirror = "matrix(-1 0 0 1 64 0)";

export function Mark({ class: name = "mark" }: { class?: string }) {
  return (
    <svg class={name} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path d={bold} />
      <path d={bold} transform={mirror} />
    </svg>
  );
}

// The same gate as a line drawing, for large quiet surfaces.
export function GateDrawing({ class: name = "gate-drawing" }: { class?: string }) {
  return (
    <svg class={name} viewBox="0 0 64 64" preserveAspectRatio="xMidYMax meet" aria-hidden="true" focusable="false">
      {[undefined, mirror].map((side) => (
        <g key={side ?? ""} transform={side}>
          <path d={fine} />
          {many.map(({ y, width }) => (
            <path key={y} class="gate-line" d={`M${cut - width} ${y + 1.65}H${cut}M${cut - width + 1} ${y + 2.6}H${cut - 1}`} />
          ))}
          {many.slice(3).map(({ y, width }) => (
            <path key={y} class="gate-line" d={`M${cut - width * 0.62} ${y + 4.4}h${width * 0.3}v1.6h-${width * 0.3}z`} />
          ))}
        </g>
      ))}
      <path class="gate-line" d="M28.600 53.500h6.800M28.600 55.500h6.800M28.600 51.500h6.800" />
      <path class="gate-ground" d="M-20 57.500H84" />
    </svg>
  );
}
