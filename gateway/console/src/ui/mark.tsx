// SPDX-License-Identifier: Apache-2.0
// The mark: candi bentar, the split gate of Nusantara. Two stepped halves that leave the way between them free.
const half = "M29 6v50H7v-5h3.500v-5H13v-5.500h2.500v-6H18V28h2.500v-6.500H23V15h2.500V9z";

export function Mark({ class: name = "mark" }: { class?: string }) {
  return (
    <svg class={name} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path d={half} />
      <path d={half} transform="matrix(-1 0 0 1 64 0)" />
    </svg>
  );
}

// The same gate as a line drawing, for large quiet surfaces.
export function GateDrawing({ class: name = "gate-drawing" }: { class?: string }) {
  const layers = [0, 3, 6, 9];
  return (
    <svg class={name} viewBox="0 0 64 64" preserveAspectRatio="xMidYMax meet" aria-hidden="true" focusable="false">
      {[false, true].map((mirrored) => (
        <g key={String(mirrored)} transform={mirrored ? "matrix(-1 0 0 1 64 0)" : undefined}>
          <path d={half} />
          {layers.map((n) => (
            <path key={n} class="gate-line" d={`M${8 + n * 1.6} ${51 - n * 3.6}H28`} />
          ))}
        </g>
      ))}
      <path class="gate-ground" d="M0 57.500H64" />
    </svg>
  );
}
