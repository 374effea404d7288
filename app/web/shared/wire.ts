/** What the service sends and takes over /v1, by the names it uses. */

import type { GateLimits, GateSentences } from "../capture/live/gate";

export type Role = "site_staff" | "reader" | "adjudicator" | "data_manager" | "pipeline";

export interface Site {
  code: string;
  name: string;
}

export interface DemoAccount {
  username: string;
  role: Role;
  label_fr: string;
  label_en: string;
}

export interface Me {
  username: string;
  role: Role;
  sites: Site[];
  demo: boolean;
  demo_accounts: DemoAccount[];
  /** With which the demo's accounts sign; null elsewhere. */
  demo_password: string | null;
}

export interface OwnSession {
  id: string;
  device: string | null;
  opened_minutes_ago: number;
  ends_in_minutes: number;
  current: boolean;
}

export interface SecondFactor {
  enabled: boolean;
  recovery_codes_left: number;
}

export interface Enrolment {
  secret: string;
  otpauth_uri: string;
  qr_svg: string;
}

export interface Visit {
  code: string;
  label_fr: string;
  label_en: string;
  day: number;
  window_before_days: number;
  window_after_days: number;
}

export type VisitQuestion = "pain" | "dressing_removed" | "drainage" | "infection_signs" | "complication";

export interface Study {
  id: string;
  code: string;
  title_fr: string;
  title_en: string;
  visits: Visit[];
  sites: Site[];
  site_staff_see_areas: boolean;
  epithelialisation_rule: { baseline_visit: string };
  gate: GateLimits;
  gate_sentences: GateSentences;
  visit_questions: VisitQuestion[];
  phantom_shot_every_days: number | null;
  check_bar_tolerance_mm: number;
  print_lots: string[];
}

export type CaptureState = "received" | "measuring" | "measured" | "refused" | "failed";

export interface Timepoint {
  visit_code: string;
  due_on: string;
  window_from: string;
  window_to: string;
  capture_id: string | null;
  state: CaptureState | null;
}

export interface Subject {
  id: string;
  study_id: string;
  site_code: string;
  subject_code: string;
  baseline_on: string;
}

export type Hand = "left" | "right";
export type Digit = "thumb" | "index" | "middle" | "ring" | "little";
export type Phalanx = "distal" | "middle" | "proximal";
export type Surface = "pulp" | "tip" | "palmar" | "dorsal" | "periungual";
export type HandSide = "radial" | "central" | "ulnar";

/** How a digit is photographed: lying along the slot, or standing up through it. */
export type PoseName = "flat" | "tip";

/** Where an ulcer lies. */
export interface Place {
  hand: Hand;
  digit: Digit;
  phalanx: Phalanx;
  surface: Surface;
  side: HandSide;
}

export interface Eligibility {
  ischaemic: boolean;
  distal_to_pip: boolean;
  over_calcification: boolean;
  over_bone_relief: boolean;
  infected: boolean;
  weeks_of_standard_care: number;
}

export interface NewUlcer extends Place {
  onset_on: string | null;
  eligibility: Eligibility;
}

export type OutOfWindow = "patient_unavailable" | "illness" | "travel" | "site_closed" | "other";
export type Drainage = "none" | "serous" | "bloody" | "purulent";
export type Complication = "none" | "infection" | "gangrene" | "amputation" | "hospitalisation" | "other";

/** What the nurse says beside the photograph; what the protocol does not ask stays null. */
export interface VisitNote {
  ulcer_id: string;
  visit_code: string;
  taken_at: string;
  out_of_window_reason: OutOfWindow | null;
  pain: number | null;
  dressing_removed: boolean | null;
  drainage: Drainage | null;
  infection_signs: boolean | null;
  complication: Complication | null;
}

/* Enrolled tablets. */

export interface TabletPerson {
  username: string;
  label_fr: string;
  label_en: string;
  has_pin: boolean;
  shift_ends_at: string;
}

export interface TabletHere {
  name: string;
  site_code: string;
  people: TabletPerson[];
}

export interface Ulcer extends Place {
  id: string;
  subject_code: string;
  site_code: string;
  code: string;
  pose: PoseName;
  eligible: boolean;
  ineligible_because: { code: string; fr: string; en: string }[];
  timepoints: Timepoint[];
}

export interface Criterion {
  code: string;
  value: number | null;
  limit: number | null;
  passed: boolean;
  fr: string;
  en: string;
}

export type Verdict = "smaller" | "larger" | "cannot tell";

export interface Measurement {
  area_mm2: number;
  u_area_mm2: number;
  perimeter_mm: number;
  length_mm: number;
  width_mm: number;
  obliquity_deg: number | null;
  digit_width_mm: number | null;
  tilt_deg: number;
  distance_mm: number;
  scale_px_per_mm: number;
  pose: PoseName;
  budget: Record<string, number>;
  dominant_component: string | null;
  expanded_u_area_mm2: number;
  minimal_detectable_change_mm2: number;
  epithelialisation_percent: number | null;
  epithelialisation_method: "footprint" | "area" | null;
  new_ulceration_mm2: number | null;
  linear_healing_rate_mm_per_day: number | null;
  verdict: Verdict | null;
  elsewhere_mm2: number | null;
  parts: number | null;
  split: boolean | null;
  merged: boolean | null;
  has_comparison: boolean;
  model: string;
  version: string;
}

export interface Receipt {
  id: string;
  sha256: string;
  size_bytes: number;
  received_at: string;
  state: CaptureState;
}

export interface Capture {
  id: string;
  ulcer_id: string;
  visit_code: string;
  state: CaptureState;
  received_at: string;
  size_bytes: number;
  quality: Criterion[];
  measurement: Measurement | null;
  accepted: boolean;
}

export interface SeriesItem {
  ulcer_id: string;
  visit_code: string;
  day: number | null;
  capture_id: string;
  state: CaptureState;
  area_mm2: number | null;
  u_area_mm2: number | null;
  epithelialisation_percent: number | null;
  epithelialisation_method: "footprint" | "area" | null;
  verdict: Verdict | null;
  percent_area_reduction: number | null;
}

export interface Assessment {
  case_code: string;
  status: "measured" | "read";
  source: "machine" | "readers";
  category: Category | null;
  area_mm2: number | null;
  u_area_mm2: number | null;
  epithelialisation_percent: number | null;
  verdict: Verdict | null;
  overlay_url: string;
  comparison_url: string | null;
  /** The machine's values, beside those that count. */
  machine: { area_mm2: number | null; u_area_mm2: number | null };
  adjudicated: boolean | null;
  model: string;
  version: string;
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export interface AuditEvent {
  seq: number;
  at: string;
  actor: string;
  role: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  reason: string | null;
  before: unknown;
  after: unknown;
  hash: string;
}

export interface AuditVerdict {
  ok: boolean;
  checked: number;
  first_broken: number | null;
  problem: string | null;
}

/** What narrows the trail; empty fields do not. */
export interface AuditWanted {
  actor: string;
  action: string;
  subject: string;
  since: string;
  until: string;
}

/* The reading room. */

export type Category = "open" | "closed" | "not_assessable";
export type Line = readonly (readonly [number, number])[];
export type SideName = "A" | "B";

export interface TissueShares {
  granulation: number;
  fibrin: number;
  necrosis: number;
}

/** What is said of a case. */
export interface Saying {
  category: Category | null;
  rings: readonly Line[];
  reason: string | null;
  confidence: number | null;
  tissue: TissueShares | null;
  choice: SideName | "drawn" | null;
}

export interface Draft extends Saying {
  number: number;
  area_mm2: number | null;
  u_area_mm2: number | null;
}

export interface Side {
  category: Category;
  rings: readonly Line[];
  reason: string | null;
  area_mm2: number | null;
}

export interface Asks {
  confidence: boolean;
  tissue: boolean;
  area_shown: boolean;
  machine_outline: "hidden" | "after_own" | "shown";
  reasons: { code: string; label_fr: string; label_en: string }[];
}

export interface ReadingCase {
  code: string;
  state: "queued" | "opened" | "drafted" | "locked";
  picture: { url: string; width_px: number; height_px: number; scale_px_per_mm: number };
  asks: Asks;
  draft: Draft | null;
  own_stands: boolean;
  machine_rings: readonly Line[] | null;
  sides: Record<SideName, Side> | null;
  meaning_fr: string;
  meaning_en: string;
}

export interface ReadingQueue {
  total: number;
  locked: number;
  drafted: number;
  next_code: string | null;
  started: string[];
}

export interface ReadingSignature {
  password: string;
  second_factor: string | null;
  meaning_accepted: true;
  /** Of the draft that is signed: one kept elsewhere meanwhile is not signed unseen. */
  number: number | null;
}

export interface ReadingLock {
  code: string;
  signed_at: string;
  sha256: string;
  key_id: string;
  signature: string;
  next_code: string | null;
}

/* The data manager's overview of the readers. */

export interface ReadingProgress {
  timepoints: number;
  reading: number;
  adjudication: number;
  final: number;
  reopened: number;
  visits: {
    site_code: string;
    visit_code: string;
    expected: number;
    received: number;
    accepted: number;
    read: number;
  }[];
  readers: { reader: string; cases: number; locked: number }[];
}

export interface ReadingSignatures {
  checked: number;
  void: {
    code: string;
    capture_id: string;
    why: "missing" | "content_altered" | "not_signed_by_this_key" | "record_altered";
  }[];
}
