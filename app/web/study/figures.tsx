/** The figures of one measurement, each with its unit, and what they say against the baseline. */

import { Figure, ModelFigure } from "../shared/figure";
import { interval } from "../shared/interval";
import { brief, number, t, word } from "../shared/language";
import type { Measurement } from "../shared/wire";
import type { CoursePoint } from "./series";

/** Areas that would be written as 0.0 are not told. */
const LEAST_TOLD_MM2 = 0.05;

function shows(area_mm2: number | null): area_mm2 is number {
  return area_mm2 !== null && area_mm2 >= LEAST_TOLD_MM2;
}

export function Figures({ measurement: m, point }: { measurement: Measurement; point: CoursePoint }) {
  const [low, high] = interval(m.area_mm2, m.u_area_mm2);
  return (
    <>
      <div class="headline">
        <p class="headline-figure">
          {number(m.area_mm2)} <span class="unit">mm²</span>
        </p>
        <p class="headline-text">
          {t("figures.interval", { low: number(low), high: number(high) })}
          {m.verdict && (
            <>
              <br />
              <strong>{t(`baseline.${m.verdict.replace(" ", "_")}` as "baseline.smaller")}</strong>
            </>
          )}
        </p>
      </div>
      <dl class="figures">
        {m.epithelialisation_percent !== null && (
          <Figure name={t("figures.healed")}>
            {number(m.epithelialisation_percent, 0)}&nbsp;%
            {m.epithelialisation_method && (
              <span class="quiet small"> {word("healed_by", m.epithelialisation_method)}</span>
            )}
          </Figure>
        )}
        {point.percent_area_reduction !== null && (
          <Figure name={t("figures.reduction")}>{number(point.percent_area_reduction, 0)}&nbsp;%</Figure>
        )}
        {m.linear_healing_rate_mm_per_day !== null && (
          <Figure name={t("figures.rate")}>
            {number(m.linear_healing_rate_mm_per_day, 3)}&nbsp;{t("figures.rate_unit")}
          </Figure>
        )}
        {shows(m.new_ulceration_mm2) && (
          <Figure name={t("figures.new")}>{number(m.new_ulceration_mm2)}&nbsp;mm²</Figure>
        )}
        {shows(m.elsewhere_mm2) && (
          <Figure name={t("figures.elsewhere")}>{number(m.elsewhere_mm2)}&nbsp;mm²</Figure>
        )}
        {((m.parts ?? 1) > 1 || m.merged) && (
          <Figure name={t("figures.parts")}>
            {m.parts}
            {m.split && <span class="quiet small"> {t("figures.split")}</span>}
            {m.merged && <span class="quiet small"> {t("figures.merged")}</span>}
          </Figure>
        )}
        <Figure name={t("figures.u")}>
          {number(m.u_area_mm2, 2)}&nbsp;mm² <span class="quiet small">(k&nbsp;=&nbsp;1)</span>
        </Figure>
        {m.dominant_component !== null && (
          <Figure name={t("figures.dominant")}>
            {word("component", m.dominant_component)}
          </Figure>
        )}
        <Figure name={t("figures.change")}>{number(m.minimal_detectable_change_mm2)}&nbsp;mm²</Figure>
        <Figure name={t("figures.perimeter")}>{number(m.perimeter_mm)}&nbsp;mm</Figure>
        <Figure name={t("figures.length_width")}>
          {number(m.length_mm)} × {number(m.width_mm)} mm
        </Figure>
        {m.obliquity_deg !== null && <Figure name={t("figures.obliquity")}>{number(m.obliquity_deg, 0)}°</Figure>}
        {m.digit_width_mm !== null && <Figure name={t("figures.digit_width")}>{number(m.digit_width_mm)}&nbsp;mm</Figure>}
        <Figure name={t("figures.tilt")}>{number(m.tilt_deg, 0)}°</Figure>
        <Figure name={t("figures.distance")}>{number(m.distance_mm, 0)}&nbsp;mm</Figure>
        <Figure name={t("figures.scale")}>{brief(m.scale_px_per_mm)}&nbsp;px/mm</Figure>
        <ModelFigure model={m.model} version={m.version} />
      </dl>
    </>
  );
}
