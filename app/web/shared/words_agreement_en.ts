/** The words of the readers' agreement, English. */

export const agreementEn = {
  "agreement.title": "Agreement of readers",
  "agreement.none": "No case has been read by two readers yet.",
  "agreement.reader": "Reader {n}",
  "agreement.pair": "Readers {first} and {second}",
  "agreement.two_readers": "Two readers compared",
  "agreement.interval": "{low} to {high}",
  "agreement.save_as": "Save as CSV: {title}",
  "agreement.kappa_quadratic": "weighted κ",
  "agreement.ac1": "AC1",

  "agreement_note.estimated": "estimated",
  "agreement_note.too_few": "not enough reads",
  "agreement_note.one_category": "one category only",
  "agreement_note.all_agree": "all agree",
  "agreement_note.no_spread": "nothing varies",

  "agreement_category.open": "open",
  "agreement_category.closed": "closed",
  "agreement_category.not_assessable": "not assessable",

  "agreement.categories.title": "Open, closed, not assessable",
  "agreement.categories.explained":
    "Cohen’s κ with quadratic weights and Gwet’s AC1; bars: 95 % interval. 1: full agreement, 0: no more than chance. From fewer than 50 cases the intervals are somewhat too narrow.",

  "agreement.adjudication.title": "Adjudication rate",
  "agreement.adjudication.explained":
    "Share of each reader’s cases that went to the adjudicator. Line: all readers; dashes: 3-sigma limits for the reader’s number of cases.",
  "agreement.adjudication.axis": "Adjudicated, %",
  "agreement.adjudication.in": "All readers lie within their limits.",
  "agreement.adjudication.out": "Outside the limits: {readers}",

  "agreement.disagreement.title": "Reader Disagreement Index",
  "agreement.disagreement.explained":
    "Share of all cases read in which the adjudicator decided against the reader; bars: 95 % interval.",
  "agreement.disagreement.none": "No reader lies more than one standard deviation above the mean.",
  "agreement.disagreement.unjudged": "Readers are told apart from three on, once each has cases.",
  "agreement.disagreement.out": "More than one standard deviation above the mean: {readers}",

  "agreement.shift.title": "Shift toward the machine’s outline",
  "agreement.shift.explained":
    "From the reader’s first outline to the final one. 0: kept it, 1: took the machine’s, below 0: away from it; bars: 95 % interval.",
  "agreement.shift.area": "by area",
  "agreement.shift.dice": "by overlap",

  "agreement.areas.title": "Areas",
  "agreement.areas.explained":
    "Each dot is a case that both called open. Lines: bias and the limits between which 95 % of cases are expected; bands: their 95 % intervals.",
  "agreement.areas.scale": "Scale of the areas",
  "agreement.areas.differences": "Differences",
  "agreement.areas.ratios": "Ratios",
  "agreement.areas.difference_axis": "First reader less second, mm²",
  "agreement.areas.ratio_axis": "First reader by second",
  "agreement.areas.mean_axis": "mean of the two areas, mm²",
  "agreement.areas.difference_says": "Bias {bias} mm²; limits {lower} and {upper} mm².",
  "agreement.areas.ratio_says": "Mean ratio {bias}; limits {lower} and {upper}.",
  "agreement.areas.untold": "Bias and limits: {reason}.",
  "agreement.areas.icc": "ICC(2,1), absolute agreement: {icc}, n = {n}.",

  "agreement.dice.title": "Overlap of outlines (Dice)",
  "agreement.dice.explained": "Cases that both called open. 1: the same outline, 0: nothing in common. Line: mean.",
  "agreement.dice.axis": "Cases",
  "agreement.dice.across": "Dice",
  "agreement.dice.says": "Mean: {mean}, n = {n}.",

  "agreement.counts.title": "Cases by category",
  "agreement.counts.corner": "Reader {first} ↓ reader {second} →",

  "agreement.repeats.title": "Hidden repeats",
  "agreement.repeats.explained":
    "Each reader against the same reader’s second look. Repeatability: 95 % of repeats lie within this of each other. Below each: 95 % interval.",
  "agreement.repeats.reader": "Reader",
  "agreement.repeats.n": "Repeats",
  "agreement_statistic.repeat_observed": "Same category",
  "agreement_statistic.repeat_ac1": "AC1",
  "agreement_statistic.repeat_icc": "ICC(1,1) of areas",
  "agreement_statistic.repeatability_mm2": "Repeatability, mm²",
  "agreement_statistic.repeatability_ratio": "Repeatability, ratio",
} as const;
