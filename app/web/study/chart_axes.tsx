/** What stands round the marks of the large chart: axes, visit windows and targets, legend. */

import type { ComponentChildren } from "preact";
import { number, t } from "../shared/language";
import type { Visit } from "../shared/wire";
import { MissingMark, NoneMark, OpenMark, RefusedMark } from "./chart_marks";
import { weeks, type Scale } from "./scale";

/** Places on the page, CSS pixels. */
export const LEFT = 46;
export const RIGHT = 16;
export const AREA = { top: 26, bottom: 226 };
export const LANE_Y = 246;
export const HEALED = { top: 290, bottom: 370 };
export const HEIGHT = 408;

export function VisitBands({ visits, x }: { visits: Visit[]; x: Scale }) {
  return (
    <g class="visit-bands" aria-hidden="true">
      {visits.map((v) => {
        const from = x(v.day - v.window_before_days);
        const to = x(v.day + v.window_after_days);
        return (
          <g key={v.code}>
            <rect x={from} y={AREA.top} width={Math.max(0, to - from)} height={HEALED.bottom - AREA.top} class="visit-window" />
            <line x1={x(v.day)} x2={x(v.day)} y1={AREA.top} y2={HEALED.bottom} class="visit-target" />
          </g>
        );
      })}
    </g>
  );
}

interface AxisProps {
  title: string;
  top: number;
  ticks: number[];
  y: Scale;
  width: number;
  digits: number;
}

export function Axis({ title, top, ticks, y, width, digits }: AxisProps) {
  return (
    <g class="axis" aria-hidden="true">
      <text x={4} y={top - 11} class="axis-title">
        {title}
      </text>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} class={tick === 0 ? "zero-line" : "grid-line"} />
          <text x={LEFT - 8} y={y(tick) + 4} class="tick right">
            {number(tick, digits)}
          </text>
        </g>
      ))}
    </g>
  );
}

export function WeekAxis({ visits, x, width }: { visits: Visit[]; x: Scale; width: number }) {
  return (
    <g class="axis" aria-hidden="true">
      {visits.map((v) => (
        <g key={v.code}>
          <line x1={x(v.day)} x2={x(v.day)} y1={HEALED.bottom} y2={HEALED.bottom + 5} class="zero-line" />
          <text x={x(v.day)} y={HEALED.bottom + 18} class="tick middle">
            {number(weeks(v.day), Number.isInteger(weeks(v.day)) ? 0 : 1)}
          </text>
        </g>
      ))}
      <text x={width - RIGHT} y={HEALED.bottom + 34} class="axis-title end">
        {t("chart.weeks")}
      </text>
    </g>
  );
}

export interface LegendEntry {
  mark: ComponentChildren;
  text: string;
}

/** Marks of a chart and what they mean. */
export function LegendList({ entries }: { entries: LegendEntry[] }) {
  return (
    <ul class="legend">
      {entries.map(({ mark, text }) => (
        <li key={text}>
          <svg width="18" height="18" aria-hidden="true">
            {mark}
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}

export function Legend() {
  const entries = [
    { mark: <OpenMark x={9} y={9} />, text: t("legend.open") },
    { mark: <NoneMark x={9} y={9} />, text: t("legend.none") },
    { mark: <RefusedMark x={9} y={9} />, text: t("legend.refused") },
    { mark: <MissingMark x={9} y={9} />, text: t("legend.missing") },
    { mark: <rect x={2} y={1} width={14} height={16} class="visit-window" />, text: t("legend.window") },
  ];
  return <LegendList entries={entries} />;
}
