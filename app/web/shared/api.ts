/** The one place that speaks HTTP with the service, except the upload (capture/upload.ts). */

import { signal } from "@preact/signals";
import type {
  Assessment, AuditEvent, AuditVerdict, AuditWanted, Capture, Draft, Enrolment, Me, NewUlcer, OwnSession, Page,
  ReadingCase, ReadingLock, ReadingProgress, ReadingQueue, ReadingSignature, ReadingSignatures, Saying, SecondFactor,
  SeriesItem, Study, Subject, TabletHere, Ulcer, VisitNote,
} from "./wire";
import type { Agreement } from "../study/agreement_wire";
import type { NewTablet, Tablet } from "../study/tablets";
import type { CardPrint, NewCardPrint, PhantomShot, ShotUpload, SiteDrift } from "./cards_wire";

/** A refusal by the service, worded for a person in both languages. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly message_fr: string,
    readonly message_en: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(`${status} ${code}`);
  }
}

/** The service was not reached at all. */
export class OfflineError extends Error {}

/** Whether the service answered when it was last asked. */
export const reached = signal(true);

/** Asked of every change made with the session cookie: a form on another site cannot set a header. */
export const CHANGE_HEADERS = { "X-Planimeter": "1" } as const;

export async function errorOf(response: { status: number; text: () => Promise<string> }): Promise<ApiError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as Partial<ApiError>;
    if (body.message_en && body.message_fr && body.code) {
      return new ApiError(response.status, body.code, body.message_fr, body.message_en, body.details ?? {});
    }
  } catch {
    // A proxy's page, not the service's: said with the status below.
  }
  return new ApiError(
    response.status,
    `http_${response.status}`,
    `Le serveur a répondu ${response.status}.`,
    `The server answered ${response.status}.`,
  );
}

const SIGNED_OUT_STATUS = 401;
let whenSignedOut = (): void => undefined;

/** What to do when the service no longer knows this session: it has run out, or was revoked. */
export function atSignedOut(act: () => void): void {
  whenSignedOut = act;
}

/** Note a refusal that ends the session; any other is the caller's. */
export function heed(error: ApiError): ApiError {
  if (error.status === SIGNED_OUT_STATUS) whenSignedOut();
  return error;
}

async function reach(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (cause) {
    reached.value = false;
    throw new OfflineError(String(cause));
  }
  reached.value = true;
  if (!response.ok) throw heed(await errorOf(response));
  return response;
}

async function get<Answer>(path: string): Promise<Answer> {
  return (await (await reach(path)).json()) as Answer;
}

async function change(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { ...CHANGE_HEADERS };
  if (body === undefined) return reach(path, { method, headers });
  headers["Content-Type"] = "application/json";
  return reach(path, { method, headers, body: JSON.stringify(body) });
}

async function answer<Answer>(path: string, body: unknown): Promise<Answer> {
  return (await (await change("POST", path, body)).json()) as Answer;
}

/** All pages of a cursor-paged list: a study's series is some hundred rows, a handful of pages. */
async function everyPage<Item>(path: string): Promise<Item[]> {
  const items: Item[] = [];
  const joint = path.includes("?") ? "&" : "?";
  let address = path;
  for (;;) {
    const page = await get<Page<Item>>(address);
    items.push(...page.items);
    // A cursor also comes with the last page, for later increments: an empty page ends the reading.
    if (page.next_cursor === null || page.items.length === 0) return items;
    address = `${path}${joint}cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}

export const api = {
  me: () => get<Me>("/v1/me"),
  signIn: (username: string, password: string, code: string | null) =>
    answer<Me>("/v1/sessions", { username, password, code }),
  sessions: () => get<OwnSession[]>("/v1/sessions"),
  endSession: (id: string) => change("DELETE", `/v1/sessions/${id}`),
  endOtherSessions: () => answer<{ revoked: number }>("/v1/sessions/revocation", { keep_current: true }),
  changePassword: (password: string, code: string | null, new_password: string) =>
    change("POST", "/v1/me/password", { password, code, new_password }),
  secondFactor: () => get<SecondFactor>("/v1/me/second-factor"),
  beginSecondFactor: (password: string) => answer<Enrolment>("/v1/me/second-factor", { password }),
  enableSecondFactor: async (code: string) =>
    (await answer<{ recovery_codes: string[] }>("/v1/me/second-factor/confirmation", { code })).recovery_codes,
  removeSecondFactor: (password: string, code: string) =>
    change("POST", "/v1/me/second-factor/removal", { password, code }),
  signOut: () => change("DELETE", "/v1/sessions/current"),
  demoSession: (username: string) => answer<Me>("/v1/demo/session", { username }),
  studies: () => get<Study[]>("/v1/studies"),
  ulcers: (study: string) => get<Ulcer[]>(`/v1/studies/${study}/ulcers`),
  captures: (study: string) => get<Capture[]>(`/v1/captures?study_id=${study}`),
  capture: (id: string) => get<Capture>(`/v1/captures/${id}`),
  series: (study: string) => everyPage<SeriesItem>(`/v1/series?study_id=${study}`),
  assessments: () => everyPage<Assessment>("/v1/assessments"),
  audit: (wanted: AuditWanted, cursor: string | null) => {
    const asked = Object.entries({ ...wanted, cursor: cursor ?? "" }).filter(([, value]) => value !== "");
    return get<Page<AuditEvent>>(`/v1/audit?${new URLSearchParams(asked)}`);
  },
  readingProgress: (study: string) => get<ReadingProgress>(`/v1/reading/progress?study_id=${study}`),
  readingSignatures: (study: string) => get<ReadingSignatures>(`/v1/reading/signatures?study_id=${study}`),
  readersAgreement: (study: string) => get<Agreement>(`/v1/reading/agreement?study_id=${study}`),
  tablets: (study: string) => get<Tablet[]>(`/v1/studies/${study}/tablets`),
  announceTablet: (study: string, site_code: string, name: string) =>
    answer<NewTablet>(`/v1/studies/${study}/tablets`, { site_code, name }),
  revokeTablet: (id: string, reason: string) => answer<Tablet>(`/v1/tablets/${id}/revocation`, { reason }),
  verifyAudit: () => get<AuditVerdict>("/v1/audit/verify"),
  subjects: (study: string) => get<Subject[]>(`/v1/studies/${study}/subjects`),
  enrolSubject: (study: string, site_code: string, subject_code: string, baseline_on: string) =>
    answer<Subject>(`/v1/studies/${study}/subjects`, { site_code, subject_code, baseline_on }),
  drawUlcer: (subject: string, ulcer: NewUlcer) => answer<Ulcer>(`/v1/subjects/${subject}/ulcers`, ulcer),
  sendNote: (id: string, note: VisitNote) => change("PUT", `/v1/visit-notes/${id}`, note),
  picture: async (path: string) => (await reach(path)).blob(),
};

async function changed<Answer>(method: "POST" | "PUT", path: string, body?: unknown): Promise<Answer> {
  return (await (await change(method, path, body)).json()) as Answer;
}

/** The tablet that the page runs on, and who works at it. */
export const tabletApi = {
  here: () => get<TabletHere>("/v1/tablet"),
  enrol: (code: string) => answer<TabletHere>("/v1/tablets/enrolment", { code }),
  setPin: (password: string, pin: string) => change("PUT", "/v1/tablet/pin", { password, pin }),
  byPin: (username: string, pin: string) => answer<Me>("/v1/tablet/sessions", { username, pin }),
  lock: () => change("POST", "/v1/tablet/lock"),
  vaultKey: async () => (await get<{ key: string }>("/v1/tablet/vault-key")).key,
};

const casePath = (code: string, step = ""): string => `/v1/reading/cases/${code}${step}`;

/** The reading room. */
export const readingApi = {
  queue: () => get<ReadingQueue>("/v1/reading/queue"),
  open: (code: string) => changed<ReadingCase>("POST", casePath(code, "/opening")),
  draft: (code: string, number: number, saying: Saying) =>
    changed<Draft>("PUT", casePath(code, "/draft"), { number, ...saying }),
  ownStands: (code: string, number: number | null) =>
    changed<ReadingCase>("POST", casePath(code, "/own-outline"), { number }),
  lock: (code: string, signature: ReadingSignature) =>
    changed<ReadingLock>("POST", casePath(code, "/lock"), signature),
  secondFactor: () => get<{ enabled: boolean }>("/v1/me/second-factor"),
};

/** Cards that sites print, and their phantom shots. */
export const cardsApi = {
  prints: (study: string) => get<CardPrint[]>(`/v1/studies/${study}/card-prints`),
  confirm: (study: string, print: NewCardPrint) => answer<CardPrint>(`/v1/studies/${study}/card-prints`, print),
  shots: (study: string) => get<PhantomShot[]>(`/v1/studies/${study}/phantom-shots`),
  drift: (study: string) => get<SiteDrift[]>(`/v1/studies/${study}/phantom-drift`),
  send: async (shot: ShotUpload) => {
    const { id, bytes, type, sha256, ...about } = shot;
    const headers = { ...CHANGE_HEADERS, "Content-Type": type, "X-Content-SHA256": sha256 };
    const path = `/v1/phantom-shots/${id}?${new URLSearchParams(about)}`;
    return (await (await reach(path, { method: "PUT", headers, body: bytes })).json()) as PhantomShot;
  },
};

export const cardPdfPath = (study: string, page: "a4" | "letter"): string => `/v1/studies/${study}/card.pdf?page=${page}`;
export const overlayPath = (capture: string): string => `/v1/captures/${capture}/overlay`;
export const comparisonPath = (capture: string): string => `/v1/captures/${capture}/comparison`;
export const readingImagePath = (capture: string): string => `/v1/captures/${capture}/reading-image`;
