/** The readers' agreement as the service sends it: app/reading_room/agreement_schemas.py. */

export type Note = "estimated" | "too_few" | "one_category" | "all_agree" | "no_spread";
export type Category = "open" | "not_assessable" | "closed";

export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
  note: Note;
}

/** One case on a Bland–Altman plot: mean of two areas, and their difference (mm²) or ratio. */
export interface Mark {
  mean_mm2: number;
  apart: number;
}

export interface Limits {
  bias: Estimate;
  lower: Estimate;
  upper: Estimate;
  marks: Mark[];
}

export interface PairAgreement {
  readers: [string, string];
  counts: number[][];
  observed: Estimate;
  kappa: Estimate;
  kappa_linear: Estimate;
  kappa_quadratic: Estimate;
  ac1: Estimate;
  ac2_linear: Estimate;
  ac2_quadratic: Estimate;
  icc: Estimate;
  differences: Limits;
  ratios: Limits;
  dice: Estimate;
  dice_bins: number[];
}

export interface ReaderAgreement {
  reader: string;
  repeat_observed: Estimate;
  repeat_kappa_quadratic: Estimate;
  repeat_ac1: Estimate;
  repeat_icc: Estimate;
  repeatability_mm2: Estimate;
  repeatability_ratio: Estimate;
  adjudicated: Estimate;
  adjudicated_lower_limit: number | null;
  adjudicated_upper_limit: number | null;
  out_of_control: boolean;
  disagreement: Estimate;
  disagreement_of_adjudicated: Estimate;
  disagreement_others: number | null;
  stands_out: boolean | null;
  shift_area: Estimate;
  shift_dice: Estimate;
}

export interface Agreement {
  cases: number;
  categories: Category[];
  adjudication_centre: number | null;
  pairs: PairAgreement[];
  readers: ReaderAgreement[];
}
