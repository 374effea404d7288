/** Statistics in rows: value and 95 % interval on one axis, as dots or as bars from zero. */

import { number, word } from "../shared/language";
import type { Domain } from "./agreement_scales";
import { ticksBetween } from "./agreement_scales";
import type { Estimate } from "./agreement_wire";
import { told } from "./agreement_words";
import { linear, tickDigits, type Scale } from "./scale";

/** Places on the drawing, which is scaled to its card. */
const WIDTH = 460;
const LEFT = 126;
const RIGHT = 140;
const TOP = 8;
const ROW = 26;
const FOOT = 24;
const CAP = 4;

export interface IntervalRow {
  label: string;
  estimate: Estimate;
  /** A heading over this row. */
  group?: string;
  /** Drawn in the colour of a warning. */
  marked?: boolean;
}

interface IntervalChartProps {
  rows: IntervalRow[];
  domain: Domain;
  label: string;
  bars?: boolean;
}

export function IntervalChart({ rows, domain, label, bars = false }: IntervalChartProps) {
  const ticks = ticksBetween(domain, 4);
  const x = linear([ticks[0]!, ticks.at(-1)!], [LEFT, WIDTH - RIGHT]);
  const lines = rows.map((row, i) => ({
    row,
    y: TOP + ROW * (i + 0.5 + rows.slice(0, i + 1).filter((r) => r.group).length),
  }));
  const bottom = (lines.at(-1)?.y ?? TOP) + ROW / 2;
  const said = rows.map((row) => `${row.group ? `${row.group}, ` : ""}${row.label} ${told(row.estimate)}`).join("; ");
  return (
    <svg class="agreement-chart" viewBox={`0 0 ${WIDTH} ${bottom + FOOT}`} role="img" aria-label={`${label}: ${said}`}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={TOP} y2={bottom} class={tick === 0 ? "zero-line" : "grid-line"} />
          <text x={x(tick)} y={bottom + 16} class="tick middle">
            {number(tick, tickDigits(ticks))}
          </text>
        </g>
      ))}
      {lines.map(({ row, y }) => (
        <g key={y} class={row.marked ? "marked" : ""}>
          {row.group && (
            <text x={4} y={y - ROW + 4} class="axis-title">
              {row.group}
            </text>
          )}
          <text x={4} y={y + 4} class="row-label">
            {row.label}
          </text>
          <EstimateMark estimate={row.estimate} x={x} y={y} bar={bars} />
          <EstimateText estimate={row.estimate} y={y} />
        </g>
      ))}
    </svg>
  );
}

function EstimateMark({ estimate: e, x, y, bar }: { estimate: Estimate; x: Scale; y: number; bar: boolean }) {
  if (e.value === null) return null;
  return (
    <>
      {bar && <rect class="share-bar" x={x(0)} y={y - 7} width={Math.max(0, x(e.value) - x(0))} height={14} />}
      {e.low !== null && e.high !== null && (
        <path
          class="interval-bar"
          d={`M${x(e.low)} ${y}H${x(e.high)}M${x(e.low)} ${y - CAP}v${2 * CAP}M${x(e.high)} ${y - CAP}v${2 * CAP}`}
        />
      )}
      {!bar && <circle class="mark open" cx={x(e.value)} cy={y} r={4.5} />}
    </>
  );
}

function EstimateText({ estimate: e, y }: { estimate: Estimate; y: number }) {
  if (e.note === "estimated") {
    return (
      <text x={WIDTH - 4} y={y + 4} class="row-value">
        {told(e)}
      </text>
    );
  }
  return (
    <text x={WIDTH - 4} y={y + 4} class="row-value why">
      {e.value === null ? word("agreement_note", e.note) : `${number(e.value, 2)} · ${word("agreement_note", e.note)}`}
    </text>
  );
}
