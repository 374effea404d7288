/** An ulcer's course: area with 95 % bars, a lane for visits without a value, epithelialisation below. */

import { useState } from "preact/hooks";
import { COVERAGE_95 } from "../shared/interval";
import { number, t, word } from "../shared/language";
import { visitLabel } from "../shared/places";
import { useSize } from "../shared/size";
import type { Visit } from "../shared/wire";
import { AREA, Axis, HEALED, HEIGHT, LANE_Y, LEFT, Legend, RIGHT, VisitBands, WeekAxis } from "./chart_axes";
import { AbsenceMark, AreaLine, HealedLine, IntervalBar, NoneMark, OpenMark } from "./chart_marks";
import { linear, tickDigits, ticksTo, type Scale } from "./scale";
import { byDay, highest_mm2, isOpen, type CoursePoint } from "./series";

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
  const inTime = byDay(points);
  const shown = points.find((p) => p.visit.code === (pointed ?? selected));
  return (
    <div class="chart" ref={box}>
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="group" aria-label={t("chart.label")}>
        <VisitBands visits={visits} x={x} />
        <Axis title={t("chart.area")} top={AREA.top} ticks={ticks} y={area} width={width} digits={tickDigits(ticks)} />
        <Axis title={t("chart.healed")} top={HEALED.top} ticks={HEALED_TICKS} y={healed} width={width} digits={0} />
        <WeekAxis visits={visits} x={x} width={width} />
        <AreaLine points={inTime} x={x} y={area} />
        <HealedLine points={inTime} x={x} y={healed} />
        {points.map((p) => (
          <PointMarks key={p.visit.code} point={p} x={x} area={area} healed={healed} selected={p.visit.code === selected} />
        ))}
        {inTime.map((p, i) => (
          <HitColumn
            key={p.visit.code}
            point={p}
            from={i === 0 ? LEFT : (x(inTime[i - 1]!.day) + x(p.day)) / 2}
            to={i === inTime.length - 1 ? width - RIGHT : (x(p.day) + x(inTime[i + 1]!.day)) / 2}
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
