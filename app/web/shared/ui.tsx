/** Small pieces that every page uses: states, notes, tags, figures. */

import type { ComponentChildren } from "preact";
import { ApiError, OfflineError } from "./api";
import { Icon, type IconName } from "./icons";
import { COVERAGE_95 } from "./interval";
import { number, ours, t, word } from "./language";
import { useWork } from "./use_work";
import type { CaptureState, Verdict } from "./wire";

export function Loading({ text }: { text?: string }) {
  return (
    <p class="loading" role="status">
      <span class="loading-dot" aria-hidden="true" />
      {text ?? t("state.loading")}
    </p>
  );
}

/** What went wrong, in the reader's language; a code alone is never shown. */
export function saying(error: unknown): string {
  if (error instanceof ApiError) return ours({ fr: error.message_fr, en: error.message_en });
  if (error instanceof OfflineError) return t("error.unreachable");
  return t("error.unexpected");
}

export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <p>{saying(error)}</p>
        {error instanceof ApiError && <p class="quiet small">{error.code}</p>}
        {retry && (
          <button type="button" class="button small" onClick={retry}>
            {t("action.retry")}
          </button>
        )}
      </div>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

const STATE_ICON: Record<CaptureState, IconName> = {
  received: "clock",
  measuring: "clock",
  measured: "check",
  refused: "alert",
  failed: "cross",
};

/** The state of a visit's photograph; `brief` leaves the word to those who listen, where figures stand beside it. */
export function StateTag({ state, brief }: { state: CaptureState | null; brief?: boolean }) {
  if (state === null) {
    return (
      <span class="tag missing">
        <Icon name="dash" />
        {t("capture_state.missing")}
      </span>
    );
  }
  const text = word("capture_state", state);
  return (
    <span class={brief ? `tag brief ${state}` : `tag ${state}`} title={text}>
      <Icon name={STATE_ICON[state]} />
      <span class={brief ? "unseen" : ""}>{text}</span>
    </span>
  );
}

export function VerdictWord({ verdict }: { verdict: Verdict | null }) {
  if (verdict === null) return <span class="quiet">–</span>;
  return <span class={`verdict ${verdict.replace(" ", "-")}`}>{word("verdict", verdict)}</span>;
}

/** "11.6 ± 1.8 mm²": the half width is that of the 95 % interval. */
export function Area({ area_mm2, u_area_mm2 }: { area_mm2: number | null; u_area_mm2: number | null }) {
  if (area_mm2 === null) return <span class="quiet">–</span>;
  return (
    <span class="figure">
      <strong>{number(area_mm2)}</strong>
      {u_area_mm2 !== null && <> ± {number(COVERAGE_95 * u_area_mm2)}</>}&nbsp;mm²
    </span>
  );
}

export function Percent({ value, digits = 0 }: { value: number | null; digits?: number }) {
  if (value === null) return <span class="quiet">–</span>;
  return <span class="figure">{number(value, digits)}&nbsp;%</span>;
}

/** A button that waits for its work and shows what went wrong. */
export function WorkButton(props: { work: () => Promise<void>; class?: string; children: ComponentChildren }) {
  const { busy, error, run } = useWork();
  return (
    <>
      <button type="button" class={props.class ?? "button"} disabled={busy} onClick={() => void run(props.work)}>
        {props.children}
      </button>
      {error ? <ErrorNote error={error} /> : null}
    </>
  );
}
