// SPDX-License-Identifier: Apache-2.0
// Charts as SVG, sharp on paper too. Each has a title, and behind it the same figures as a table. What differs differs by shape
// or hatch as well as by tone.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { numberText, t } from "../words";

interface Frame {
  title: string;
  width: number;
  height: number;
  head: string[]; // of the table
  rows: (string | number)[][];
  children: ComponentChildren;
}
const cell = (value: string | number) => (typeof value === "number" ? numberText(value, 1) : value);

function Chart({ title, width, height, head, rows, children }: Frame) {
  const heading = useId();
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={heading}>
        <title id={heading}>{title}</title>
        {children}
      </svg>
      <details>
        <summary>{t("chart.table")}</summary>
        <table class="table">
          <caption>{title}</caption>
          <thead>
            <tr>
              {head.map((one) => (
                <th key={one} scope="col">
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...figures]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {figures.map((one, index) => (
                  <td key={head[index + 1]}>{cell(one)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function Hatch({ id }: { id: string }) {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="6" height="6" class="chart-hatch-ground" />
      <path d="M0 0V6" class="chart-hatch" />
    </pattern>
  );
}

interface Bar {
  name: string;
  value: number;
  apart?: number; // of `value`, hatched: for example outside visiting hours
}
// How many by hour, the part that counts apart hatched at the foot.
export function Bars({ title, bars, name, value, apart }: { title: string; bars: Bar[]; name: string; value: string; apart: string }) {
  const hatch = useId();
  const most = Math.max(1, ...bars.map((one) => one.value));
  const tall = (n: number) => (n / most) * 130;
  return (
    <Chart title={title} width={bars.length * 27} height={172} head={[name, value, apart]} rows={bars.map((one) => [one.name, one.value, one.apart ?? 0])}>
      <defs>
        <Hatch id={hatch} />
      </defs>
      {bars.map((one, index) => (
        <g key={one.name} transform={`translate(${index * 27 + 4} 150)`}>
          <rect class="chart-bar" y={-tall(one.value)} width="19" height={tall(one.value - (one.apart ?? 0))} rx="2" />
          {!!one.apart && <rect class="chart-apart" y={-tall(one.apart)} width="19" height={tall(one.apart)} fill={`url(#${hatch})`} />}
          {one.value === most && (
            <text x="9.5" y={-tall(one.value) - 5}>
              {numberText(one.value)}
            </text>
          )}
          <text x="9.5" y="16">
            {one.name}
          </text>
        </g>
      ))}
      <path class="chart-axis" d={`M0 150.5H${bars.length * 27}`} />
    </Chart>
  );
}

interface Span {
  name: string;
  median: number;
  p90: number;
}
// From the median, a dot, to what nine of ten stay below, a square.
export function Dumbbells({ title, spans, name }: { title: string; spans: Span[]; name: string }) {
  const most = Math.max(1, ...spans.map((one) => one.p90));
  const at = (n: number) => 130 + (n / most) * 290;
  return (
    <Chart
      title={title}
      width={450}
      height={spans.length * 34 + 6}
      head={[name, t("chart.median"), "p90"]}
      rows={spans.map((one) => [one.name, one.median, one.p90])}
    >
      {spans.map((one, index) => (
        <g key={one.name} transform={`translate(0 ${index * 34 + 22})`}>
          <text class="chart-name" y="4">
            {one.name}
          </text>
          <path class="chart-span" d={`M${at(one.median)} 0H${at(one.p90)}`} />
          <circle class="chart-dot" cx={at(one.median)} r="6" />
          <rect class="chart-square" x={at(one.p90) - 5} y="-5" width="10" height="10" />
          <text x={at(one.median)} y="-10">
            {numberText(one.median, 1)}
          </text>
          <text x={at(one.p90)} y="-10">
            {numberText(one.p90, 1)}
          </text>
        </g>
      ))}
    </Chart>
  );
}

interface Part {
  name: string;
  value: number;
}
// Where a whole goes: the largest part is the darkest, and each says its figure.
export function Split({ title, parts, name, value }: { title: string; parts: Part[]; name: string; value: string }) {
  const whole = parts.reduce((sum, one) => sum + one.value, 0) || 1;
  const most = Math.max(...parts.map((one) => one.value));
  let x = 0;
  return (
    <Chart title={title} width={464} height={34 + parts.length * 16} head={[name, value]} rows={parts.map((one) => [one.name, one.value])}>
      {parts.map((one, index) => {
        const [from, wide] = [x, (one.value / whole) * 464];
        x += wide;
        return (
          <g key={one.name} transform={`translate(${from} 0)`} class={one.value === most ? "chart-most" : undefined}>
            <rect class="chart-part" width={Math.max(0, wide - 1)} height="30" rx="2" />
            <text class="chart-figure" x="6" y="19">
              {numberText(one.value, 1)}
            </text>
            <text class="chart-name" x={from > 300 ? wide - 2 : 0} y={46 + index * 16} text-anchor={from > 300 ? "end" : "start"}>
              {one.name}
            </text>
          </g>
        );
      })}
    </Chart>
  );
}

// A week of days by hours: the darker the more, the figure where it can be read: in the busiest.
export function Heat({ title, hours, days, name }: { title: string; hours: string[]; days: { name: string; values: number[] }[]; name: string }) {
  const most = Math.max(1, ...days.flatMap((one) => one.values));
  const busiest = (value: number) => value >= most * 0.75;
  return (
    <Chart
      title={title}
      width={44 + hours.length * 30}
      height={days.length * 23 + 18}
      head={[name, ...hours]}
      rows={days.map((one) => [one.name, ...one.values])}
    >
      {days.map((day, row) => (
        <g key={day.name} transform={`translate(0 ${row * 23})`}>
          <text class="chart-name" y="15">
            {day.name}
          </text>
          {day.values.map((value, column) => (
            <g key={hours[column]} transform={`translate(${column * 30 + 44} 0)`} class={busiest(value) ? "chart-most" : undefined}>
              <rect class="chart-cell" width="28" height="20" rx="2" fill-opacity={value / most} />
              {busiest(value) && (
                <text class="chart-figure" x="14" y="14" text-anchor="middle">
                  {numberText(value)}
                </text>
              )}
            </g>
          ))}
        </g>
      ))}
      {hours.map((hour, column) => (
        <text key={hour} x={column * 30 + 58} y={days.length * 23 + 12}>
          {hour}
        </text>
      ))}
    </Chart>
  );
}

// The run of a figure in the size of a word; its title says what it is and where it ended.
export function Sparkline({ title, values }: { title: string; values: number[] }) {
  const heading = useId();
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (index: number) => 2 + (index / Math.max(1, values.length - 1)) * 92;
  const y = (value: number) => 22 - ((value - least) / (most - least || 1)) * 18;
  const last = values.length - 1;
  return (
    <svg class="sparkline" viewBox="0 0 100 26" role="img" aria-labelledby={heading}>
      <title id={heading}>{`${title}: ${values.map((one) => numberText(one, 1)).join(", ")}`}</title>
      <path d={values.map((value, index) => `${index ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join("")} />
      {last >= 0 && <circle cx={x(last)} cy={y(values[last])} r="3" />}
    </svg>
  );
}
