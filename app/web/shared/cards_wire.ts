/** Cards and phantom shots as the service sends them: app/cards/schemas.py. */

import type { Criterion, Site } from "./wire";

/** What the cards' pages need of a study. */
export interface CardStudy {
  id: string;
  sites: Site[];
  check_bar_tolerance_mm: number;
  print_lots: string[];
  phantom_shot_every_days: number | null;
}

export interface NewCardPrint {
  site_code: string;
  printer: string;
  check_bar_mm: number;
  print_lot: string | null;
}

export interface CardPrint extends NewCardPrint {
  id: string;
  confirmed_at: string;
}

export interface PhantomShot {
  id: string;
  site_code: string;
  taken_at: string;
  received_at: string;
  state: "measured" | "refused";
  area_mm2: number | null;
  true_area_mm2: number;
  deviation_percent: number | null;
  quality: Criterion[];
}

export interface ShotUpload {
  id: string;
  study_id: string;
  site_code: string;
  taken_at: string;
  bytes: ArrayBuffer;
  type: string;
  sha256: string;
}

export type DriftSignal = "beyond_limits" | "far_off" | "run";

export interface DriftPoint {
  shot_id: string;
  taken_at: string;
  deviation_percent: number;
  signals: DriftSignal[];
}

export interface SiteDrift {
  site_code: string;
  site_name: string;
  centre_percent: number | null;
  lower_percent: number | null;
  upper_percent: number | null;
  points: DriftPoint[];
  refused: number;
  next_due_on: string | null;
}
