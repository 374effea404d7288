/** An ulcer's course: area with 95 % bars, a lane for visits without a value, epithelialisation below. */

import { useState } from "preact/hooks";
import { COVERAGE_95, interval } from "../shared/interval";
import { number, t, word } from "../shared/language";
import { visitLabel } from "../shared/places";
import { useSize } from "../shared/size";
import type { Visit } from "../shared/wire";
import { AbsenceMark, MissingMark, NoneMark, OpenMark, RefusedMark } from "./chart_marks";
import { linear, tickDigits, ticksTo, weeks, type Scale } from "./scale";
import { highest_mm2, isOpen, stretches, type CoursePoint } from "./series";

const LEFT = 46;
const RIGHT = 16;
const AREA = { top: 26, bottom: 226 };
const LANE_Y = 246;
const HEALED = { top: 290, bottom: 370 };
const HEIGHT = 408;
/** Before the first layout. */
const WIDTH_AT_FIRST = 640;
const HEALED_TICKS = [0, 50, 100];

interface ChartProps {
  points: CoursePoint[];
  visits: Visit[];
  selected: string | null;
  onSelect: (visit: string) => void;
}

/** A point in one sentence: what a screen reader says and the line under the chart shows. */
export function sentenceOf(point: CoursePoint): string {
  const visit = visitLabel(point.visit);
  if (point.state !== "measured") {
    return t("visit.says", { visit, text: word("capture_state", point.state ?? "missing") });
  }
  if (point.area_mm2 === null) return t("visit.says", { visit, text: t("measurement.hidden") });
  const parts = [
    isOpen(point)
      ? `${number(point.area_mm2)} ± ${number(COVERAGE_95 * (point.u_area_mm2 ?? 0))} mm²`
      : t("chart.none_found"),
  ];
  if (point.epithelialisation_percent !== null) {
    parts.push(t("chart.healed_is", { percent: number(point.epithelialisation_percent, 0) }));
  }
  if (point.verdict) parts.push(word("verdict", point.verdict));
  return t("visit.says", { visit, text: parts.join(" · ") });
}

export function SeriesChart({ points, visits, selected, onSelect }: ChartProps) {
  const [box, { width: measured }] = useSize();
  const width = measured || WIDTH_AT_FIRST;
  const [pointed, point] = useState<string | null>(null);
  const lastDay = Math.max(...visits.map((v) => v.day + v.window_after_days), ...points.map((p) => p.day));
  const firstDay = Math.min(...visits.map((v) => v.day - v.window_before_days), ...points.map((p) => p.day));
  const x = linear([firstDay, lastDay], [LEFT + 12, width - RIGHT - 12]);
  const ticks = ticksTo(highest_mm2(points) || 1);
  const area = linear([0, ticks.at(-1)!], [AREA.bottom, AREA.top]);
  const healed = linear([0, 100], [HEALED.bottom, HEALED.top]);
  const shown = points.find((p) => p.visit.code === (pointed ?? selected));
  return (
    <div class="chart" ref={box}>
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="group" aria-label={t("chart.label")}>
        <VisitBands visits={visits} x={x} />
        <Axis title={t("chart.area")} top={AREA.top} ticks={ticks} y={area} width={width} digits={tickDigits(ticks)} />
        <Axis title={t("chart.healed")} top={HEALED.top} ticks={HEALED_TICKS} y={healed} width={width} digits={0} />
        <WeekAxis visits={visits} x={x} width={width} />
        <AreaLine points={points} x={x} y={area} />
        <HealedLine points={points} x={x} y={healed} />
        {points.map((p) => (
          <PointMarks key={p.visit.code} point={p} x={x} area={area} healed={healed} selected={p.visit.code === selected} />
        ))}
        {points.map((p, i) => (
          <HitColumn
            key={p.visit.code}
            point={p}
            from={i === 0 ? LEFT : (x(points[i - 1]!.day) + x(p.day)) / 2}
            to={i === points.length - 1 ? width - RIGHT : (x(p.day) + x(points[i + 1]!.day)) / 2}
            selected={p.visit.code === selected}
            onSelect={onSelect}
            onPoint={point}
          />
        ))}
      </svg>
      <p class="chart-readout">{shown ? sentenceOf(shown) : t("chart.choose")}</p>
      <Legend />
    </div>
  );
}

function VisitBands({ visits, x }: { visits: Visit[]; x: Scale }) {
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

function Axis({ title, top, ticks, y, width, digits }: AxisProps) {
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

function WeekAxis({ visits, x, width }: { visits: Visit[]; x: Scale; width: number }) {
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

interface LineProps {
  points: CoursePoint[];
  x: Scale;
  y: Scale;
}

function Line({ points, x, y, pick, name }: LineProps & { pick: (p: CoursePoint) => number | null; name: string }) {
  return (
    <g aria-hidden="true">
      {stretches(points, pick).map(({ from, to, unbroken }) => (
        <line
          key={to.visit.code}
          class={unbroken ? `series-line ${name}` : `series-line ${name} broken`}
          x1={x(from.day)}
          x2={x(to.day)}
          y1={y(pick(from)!)}
          y2={y(pick(to)!)}
        />
      ))}
    </g>
  );
}

export const AreaLine = (props: LineProps) => <Line {...props} pick={(p) => p.area_mm2} name="area" />;
const HealedLine = (props: LineProps) => <Line {...props} pick={(p) => p.epithelialisation_percent} name="healed" />;

const CAP_PX = 4;

export function IntervalBar({ point, x, y }: { point: CoursePoint; x: number; y: Scale }) {
  if (point.area_mm2 === null || !point.u_area_mm2) return null;
  const [low, high] = interval(point.area_mm2, point.u_area_mm2).map(y) as [number, number];
  const d = `M${x} ${low}V${high}M${x - CAP_PX} ${low}h${2 * CAP_PX}M${x - CAP_PX} ${high}h${2 * CAP_PX}`;
  return <path class="interval-bar" d={d} />;
}

interface PointMarksProps {
  point: CoursePoint;
  x: Scale;
  area: Scale;
  healed: Scale;
  selected: boolean;
}

function PointMarks({ point, x, area, healed, selected }: PointMarksProps) {
  const at = x(point.day);
  const percent = point.epithelialisation_percent;
  return (
    <g aria-hidden="true">
      {selected && <line class="chosen-visit" x1={at} x2={at} y1={AREA.top} y2={HEALED.bottom} />}
      <IntervalBar point={point} x={at} y={area} />
      {point.area_mm2 === null ? (
        <AbsenceMark state={point.state} x={at} y={LANE_Y} selected={selected} />
      ) : isOpen(point) ? (
        <OpenMark x={at} y={area(point.area_mm2)} selected={selected} />
      ) : (
        <NoneMark x={at} y={area(0)} selected={selected} />
      )}
      {percent !== null && (
        <circle
          class={point.epithelialisation_method === "area" ? "mark healed fallback" : "mark healed"}
          cx={at}
          cy={healed(percent)}
          r={selected ? 5.5 : 4}
        />
      )}
    </g>
  );
}

interface HitProps {
  point: CoursePoint;
  from: number;
  to: number;
  selected: boolean;
  onSelect: (visit: string) => void;
  onPoint: (visit: string | null) => void;
}

function HitColumn({ point, from, to, selected, onSelect, onPoint }: HitProps) {
  const choose = () => onSelect(point.visit.code);
  return (
    <rect
      class="hit"
      x={from}
      y={AREA.top - 8}
      width={to - from}
      height={HEALED.bottom - AREA.top + 16}
      tabindex={0}
      role="button"
      aria-pressed={selected}
      aria-label={sentenceOf(point)}
      onClick={choose}
      onPointerEnter={() => onPoint(point.visit.code)}
      onPointerLeave={() => onPoint(null)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose();
      }}
    />
  );
}

function Legend() {
  const entries = [
    { mark: <OpenMark x={9} y={9} />, text: t("legend.open") },
    { mark: <NoneMark x={9} y={9} />, text: t("legend.none") },
    { mark: <RefusedMark x={9} y={9} />, text: t("legend.refused") },
    { mark: <MissingMark x={9} y={9} />, text: t("legend.missing") },
    { mark: <rect x={2} y={1} width={14} height={16} class="visit-window" />, text: t("legend.window") },
  ];
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
