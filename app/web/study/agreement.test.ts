import { describe, expect, it } from "vitest";
import { language } from "../shared/language";
import fixture from "./agreement.fixture.json";
import {
  adjudicationCsv,
  areasCsv,
  categoriesCsv,
  csv,
  diceCsv,
  disagreementCsv,
  repeatsCsv,
  shiftCsv,
} from "./agreement_csv";
import { coefficientDomain, limitsDomain, ratioTicks, shareDomain, ticksBetween } from "./agreement_scales";
import type { Agreement, Estimate, Limits } from "./agreement_wire";
import { told } from "./agreement_words";

/** A run of the real statistics on a simulated study: tests/app/agreement_fixture.py. */
const agreement = fixture as unknown as Agreement;
const pair = agreement.pairs[0]!;

const good: Estimate = { value: 0.5, low: 0.25, high: 0.75, n: 20, note: "estimated" };
const untold: Estimate = { value: null, low: null, high: null, n: 1, note: "too_few" };
const perfect: Estimate = { value: 1, low: null, high: null, n: 9, note: "all_agree" };

const rowsOf = (text: string) => text.trimEnd().split("\r\n").map((line) => line.split(","));

describe("axes", () => {
  it.each([
    [[-3, 7], [-4, -2, 0, 2, 4, 6, 8]],
    [[0, 1], [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [[-0.2, 1], [-0.25, 0, 0.25, 0.5, 0.75, 1]],
    [[4, 4], [4, 5]],
  ] as const)("%j is held by round ticks", (domain, expected) => {
    expect(ticksBetween(domain)).toEqual(expected);
  });

  it("hold both ends of every domain", () => {
    for (let low = -50; low < 50; low += 7.3) {
      for (let span = 0.02; span < 400; span *= 1.7) {
        const ticks = ticksBetween([low, low + span]);
        expect(ticks[0]!).toBeLessThanOrEqual(low + 1e-9);
        expect(ticks.at(-1)!).toBeGreaterThanOrEqual(low + span - 1e-6);
        expect(ticks.length).toBeLessThanOrEqual(8);
      }
    }
  });

  it("of coefficients reach from chance to full agreement, and below where an interval does", () => {
    expect(coefficientDomain([good, untold])).toEqual([0, 1]);
    expect(coefficientDomain([{ ...good, low: -0.4 }])).toEqual([-0.4, 1]);
    expect(coefficientDomain([])).toEqual([0, 1]);
  });

  it("of shares begin at 0 and hold the highest end", () => {
    expect(shareDomain([0.2, null, 0.44])).toEqual([0, 0.44]);
    expect(shareDomain([])).toEqual([0, 0.2]);
  });

  it.each([
    [pair.differences, 0],
    [pair.ratios, 1],
  ] as const)("of a Bland–Altman plot hold every case, every interval, and equal areas", (limits, even) => {
    const [low, high] = limitsDomain(limits, even);
    const all = [even, limits.lower.low!, limits.upper.high!, ...limits.marks.map((mark) => mark.apart)];
    expect(low).toBeLessThan(Math.min(...all));
    expect(high).toBeGreaterThan(Math.max(...all));
  });

  it("of a plot without any limits hold its cases", () => {
    const few: Limits = { bias: untold, lower: untold, upper: untold, marks: [{ mean_mm2: 8, apart: 1.4 }] };
    const [low, high] = limitsDomain(few, 1);
    expect(low).toBeLessThan(1);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(1.4);
    expect(limitsDomain({ ...few, marks: [] }, 0)).toEqual([-0.04, 0.04]);
  });

  it.each([
    [[0.7, 1.5], [0.8, 1, 1.25]],
    [[0.15, 6], [0.2, 0.5, 0.8, 1, 1.25, 2, 5]],
    [[0.004, 300], [0.01, 0.1, 1, 10, 100]],
  ] as const)("of ratios %j are marked at ratios that people say", (domain, expected) => {
    expect(ratioTicks(domain)).toEqual(expected);
  });

  it("of ratios close to 1 are marked too", () => {
    const ticks = ratioTicks([0.97, 1.04]);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.every((tick) => tick >= 0.97 && tick <= 1.04)).toBe(true);
  });
});

describe("an estimate in words", () => {
  it("has its interval, or the reason why not", () => {
    language.value = "en";
    expect(told(good)).toBe("0.50 (0.25 to 0.75)");
    expect(told(untold)).toBe("not enough reads");
    expect(told(perfect)).toBe("1.00 (all agree)");
    language.value = "fr";
    expect(told(good)).toBe("0,50 (0,25 à 0,75)");
    expect(told(untold)).toBe("trop peu de lectures");
  });
});

describe("files", () => {
  it("quote what would break a row, and leave out what is not known", () => {
    expect(csv([["a,b", 'say "x"', null, 1.5, true]])).toBe('"a,b","say ""x""",,1.5,true\r\n');
  });

  it("hold seven coefficients for each two readers", () => {
    const [head, ...rows] = rowsOf(categoriesCsv(agreement));
    expect(head).toEqual(["first_reader", "second_reader", "statistic", "value", "low_95", "high_95", "n", "note"]);
    expect(rows.length).toBe(7 * agreement.pairs.length);
    expect(rows[3]!.slice(0, 4)).toEqual([...pair.readers, "kappa_quadratic", String(pair.kappa_quadratic.value)]);
  });

  it("hold every case of a Bland–Altman plot on both scales", () => {
    const rows = rowsOf(areasCsv(pair));
    expect(rows.filter(([row]) => row === "difference_mm2_case").length).toBe(pair.differences.marks.length);
    expect(rows.filter(([row]) => row === "ratio_case").length).toBe(pair.ratios.marks.length);
    expect(rows.find(([row]) => row === "ratio_upper")![1]).toBe(String(pair.ratios.upper.value));
  });

  it("hold the histogram with the edges of its bins", () => {
    const bins = rowsOf(diceCsv(pair)).filter(([row]) => row === "bin");
    expect(bins.map(([, from]) => Number(from))).toEqual(pair.dice_bins.map((_, i) => i / 20));
    expect(bins.reduce((sum, bin) => sum + Number(bin[3]), 0)).toBe(pair.dice.n);
  });

  it("hold one row for each reader and statistic", () => {
    const { readers } = agreement;
    expect(rowsOf(adjudicationCsv(agreement)).length).toBe(1 + readers.length);
    expect(rowsOf(disagreementCsv(agreement)).length).toBe(1 + 2 * readers.length);
    expect(rowsOf(repeatsCsv(agreement)).length).toBe(1 + 6 * readers.length);
    expect(rowsOf(shiftCsv(agreement)).length).toBe(1 + 2 * readers.length);
  });

  it("have as many cells in every row as in the first, and no NaN", () => {
    const texts = [
      ...[categoriesCsv, adjudicationCsv, disagreementCsv, repeatsCsv, shiftCsv].map((make) => make(agreement)),
      areasCsv(pair),
      diceCsv(pair),
    ];
    for (const text of texts) {
      expect(new Set(rowsOf(text).map((row) => row.length)).size).toBe(1);
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});
