/** The agreement figures as CSV files: one row for each statistic, numbers with a point, names as the service has them. */

import type { Agreement, Estimate, Limits, PairAgreement, ReaderAgreement } from "./agreement_wire";

export type Cell = string | number | boolean | null;

const ESTIMATE = ["value", "low_95", "high_95", "n", "note"] as const;
const COEFFICIENTS = [
  "observed",
  "kappa",
  "kappa_linear",
  "kappa_quadratic",
  "ac1",
  "ac2_linear",
  "ac2_quadratic",
] as const;
const REPEATS = [
  "repeat_observed",
  "repeat_kappa_quadratic",
  "repeat_ac1",
  "repeat_icc",
  "repeatability_mm2",
  "repeatability_ratio",
] as const;

/** Lines end as RFC 4180 has it; a cell with a separator or a quote is quoted. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  const written = (cell: Cell) => {
    const text = cell === null ? "" : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(written).join(",")}\r\n`).join("");
}

function cells(e: Estimate): Cell[] {
  return [e.value, e.low, e.high, e.n, e.note];
}

export function categoriesCsv(agreement: Agreement): string {
  const rows = agreement.pairs.flatMap((pair) =>
    COEFFICIENTS.map((name) => [...pair.readers, name, ...cells(pair[name])]),
  );
  return csv([["first_reader", "second_reader", "statistic", ...ESTIMATE], ...rows]);
}

export function areasCsv(pair: PairAgreement): string {
  const told = (scale: string, limits: Limits): Cell[][] =>
    (["bias", "lower", "upper"] as const).map((name) => [`${scale}_${name}`, ...cells(limits[name]), null, null]);
  const marks = (scale: string, limits: Limits): Cell[][] =>
    limits.marks.map((mark) => [`${scale}_case`, null, null, null, null, null, mark.mean_mm2, mark.apart]);
  return csv([
    ["row", ...ESTIMATE, "mean_mm2", "apart"],
    ["icc_2_1", ...cells(pair.icc), null, null],
    ...told("difference_mm2", pair.differences),
    ...told("ratio", pair.ratios),
    ...marks("difference_mm2", pair.differences),
    ...marks("ratio", pair.ratios),
  ]);
}

export function diceCsv(pair: PairAgreement): string {
  const width = 1 / pair.dice_bins.length;
  const edge = (i: number) => Number((i * width).toPrecision(12));
  return csv([
    ["row", "from", "to", "cases", ...ESTIMATE],
    ["mean", null, null, null, ...cells(pair.dice)],
    ...pair.dice_bins.map((cases, i) => ["bin", edge(i), edge(i + 1), cases, null, null, null, null, null]),
  ]);
}

export function adjudicationCsv(agreement: Agreement): string {
  const rows = agreement.readers.map((r) => [
    r.reader,
    ...cells(r.adjudicated),
    agreement.adjudication_centre,
    r.adjudicated_lower_limit,
    r.adjudicated_upper_limit,
    r.out_of_control,
  ]);
  return csv([["reader", ...ESTIMATE, "centre", "lower_limit", "upper_limit", "out_of_control"], ...rows]);
}

export function disagreementCsv(agreement: Agreement): string {
  const rows = agreement.readers.flatMap((r) => [
    [r.reader, "of_cases_read", ...cells(r.disagreement), r.disagreement_others, r.stands_out],
    [r.reader, "of_adjudicated", ...cells(r.disagreement_of_adjudicated), null, null],
  ]);
  return csv([["reader", "statistic", ...ESTIMATE, "all_others", "stands_out"], ...rows]);
}

function byReader(readers: readonly ReaderAgreement[], names: readonly (keyof ReaderAgreement)[]): string {
  const rows = readers.flatMap((r) => names.map((name) => [r.reader, name, ...cells(r[name] as Estimate)]));
  return csv([["reader", "statistic", ...ESTIMATE], ...rows]);
}

export const repeatsCsv = (agreement: Agreement): string => byReader(agreement.readers, REPEATS);
export const shiftCsv = (agreement: Agreement): string => byReader(agreement.readers, ["shift_area", "shift_dice"]);

/** Hand a text to the browser as a file. */
export function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
