/** The end of a case: whether it is kept, what is missing, and the way to the signature. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "../shared/icons";
import { t } from "../shared/language";
import { Area, ErrorNote } from "../shared/ui";
import type { Keeping } from "./keeper";
import type { Missing } from "./saying";

/** Beside the picture's head: saved, or waiting for the network. */
export function KeepingWord({ keeping }: { keeping: Keeping }) {
  const isUntouched = keeping.state === "saved" && keeping.draft === null;
  if (isUntouched) return null;
  const said = {
    saved: { icon: "check", text: t("desk.saved") },
    saving: { icon: "clock", text: t("desk.saving") },
    waiting: { icon: "alert", text: t("desk.waiting") },
    older: { icon: "alert", text: t("desk.refused") },
    refused: { icon: "alert", text: t("desk.refused") },
  } as const;
  const { icon, text } = said[keeping.state];
  // Spoken only when something is amiss: "saved" after each stroke would drown everything else.
  const isSpoken = keeping.state !== "saved" && keeping.state !== "saving";
  return (
    <>
      <span class={`keeping ${keeping.state}`} data-keeping={keeping.state}>
        <Icon name={icon} /> {text}
      </span>
      <span class="unseen" role="status">
        {isSpoken ? text : ""}
      </span>
    </>
  );
}

/** Why the last change was not taken, and what helps. */
export function KeepingNote({ keeping, reload }: { keeping: Keeping; reload: () => void }) {
  if (keeping.state === "refused") return <ErrorNote error={keeping.error} />;
  if (keeping.state !== "older") return null;
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <p>{t("desk.older")}</p>
        <button type="button" class="button small" onClick={reload}>
          {t("desk.reload")}
        </button>
      </div>
    </div>
  );
}

/** The area as the service measured the last draft. */
export function LiveArea({ keeping, isDrawn }: { keeping: Keeping; isDrawn: boolean }) {
  const stale = keeping.state !== "saved";
  const draft = keeping.draft;
  return (
    <p class={stale ? "live-area stale" : "live-area"} aria-live="off">
      <span class="quiet small">{t("desk.area")}</span>{" "}
      {isDrawn ? <Area area_mm2={draft?.area_mm2 ?? null} u_area_mm2={draft?.u_area_mm2 ?? null} /> : <span class="quiet">–</span>}
      {stale && isDrawn && <span class="quiet small"> {t("desk.area_stale")}</span>}
    </p>
  );
}

interface SignBarProps {
  missing: Missing[];
  sign: () => void;
  /** What to look at before signing. */
  children?: ComponentChildren;
}

export function SignBar({ missing, sign, children }: SignBarProps) {
  const list = useId();
  const ready = missing.length === 0;
  return (
    <div class="sign-bar">
      {children}
      <div id={list} class={ready ? "missing ready" : "missing"} role="status">
        {ready ? (
          <p>
            <Icon name="check" /> {t("desk.ready")}
          </p>
        ) : (
          <>
            <p class="missing-title">{t("desk.missing_title")}</p>
            <ul>
              {missing.map((key) => (
                <li key={key}>{t(key)}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      <button
        type="button"
        class="button primary big wide"
        aria-disabled={!ready}
        aria-describedby={list}
        onClick={() => ready && sign()}
      >
        {t("desk.sign")}
      </button>
    </div>
  );
}
