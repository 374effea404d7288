/** What a reader is asked: open, closed or not assessable; why; how sure; what covers the ulcer. */

import { language, ours, t, word } from "../shared/language";
import type { Asks, Category, Saying, TissueShares } from "../shared/wire";

interface AsksProps {
  asks: Asks;
  saying: Saying;
  say: (change: Partial<Saying>) => void;
}

const CATEGORIES: { category: Category; key: string }[] = [
  { category: "open", key: "O" },
  { category: "closed", key: "C" },
  { category: "not_assessable", key: "N" },
];

export function CategoryAsk({ asks, saying, say }: AsksProps) {
  return (
    <>
      <fieldset class="ask">
        <legend>{t("desk.what")}</legend>
        <div class="choices three">
          {CATEGORIES.map(({ category, key }) => (
            <label key={category} class="choice-card">
              <input
                type="radio"
                name="category"
                value={category}
                checked={saying.category === category}
                onChange={() => say(categoryOf(category))}
              />
              <span>
                {word("desk.category", category)} <kbd aria-hidden="true">{key}</kbd>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {saying.category === "not_assessable" && (
        <fieldset class="ask">
          <legend>{t("desk.reason")}</legend>
          <div class="choices reasons-asked" lang={language.value}>
            {asks.reasons.map(({ code, label_fr, label_en }) => (
              <label key={code} class="choice-card">
                <input
                  type="radio"
                  name="reason"
                  value={code}
                  checked={saying.reason === code}
                  onChange={() => say({ reason: code })}
                />
                <span>{ours({ fr: label_fr, en: label_en })}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
    </>
  );
}

/** What is said with a category: a reason belongs to one, tissue to another. */
export function categoryOf(category: Category): Partial<Saying> {
  return {
    category,
    ...(category === "not_assessable" ? {} : { reason: null }),
    ...(category === "open" ? {} : { tissue: null }),
  };
}

const CONFIDENCES = [1, 2, 3, 4, 5];

export function ConfidenceAsk({ asks, saying, say }: AsksProps) {
  if (!asks.confidence) return null;
  return (
    <fieldset class="ask">
      <legend>{t("desk.confidence")}</legend>
      <div class="choices five">
        {CONFIDENCES.map((confidence) => (
          <label key={confidence} class="choice-card">
            <input
              type="radio"
              name="confidence"
              value={confidence}
              checked={saying.confidence === confidence}
              onChange={() => say({ confidence })}
            />
            <span>{confidence}</span>
          </label>
        ))}
      </div>
      <p class="confidence-ends quiet small">
        <span>{t("desk.confidence_low")}</span>
        <span>{t("desk.confidence_high")}</span>
      </p>
    </fieldset>
  );
}

const TISSUES = ["granulation", "fibrin", "necrosis"] as const;
const SHARE_STEP = 5;
const FIRST_SHARES: TissueShares = { granulation: 50, fibrin: 50, necrosis: 0 };

/** Shares with one of them changed: the others, in their order, give way or take what is left. */
export function shared(shares: TissueShares, which: keyof TissueShares, share: number): TissueShares {
  const [first, second] = TISSUES.filter((tissue) => tissue !== which) as [keyof TissueShares, keyof TissueShares];
  const left = 100 - share;
  const before = shares[first] + shares[second];
  const part = before > 0 ? Math.round((left * shares[first]) / before / SHARE_STEP) * SHARE_STEP : left;
  const kept = Math.min(left, part);
  return { ...shares, [which]: share, [first]: kept, [second]: left - kept };
}

export function TissueAsk({ asks, saying, say }: AsksProps) {
  if (!asks.tissue || saying.category !== "open") return null;
  const shares = saying.tissue;
  return (
    <fieldset class="ask">
      <legend>{t("desk.tissue")}</legend>
      {shares === null ? (
        <button type="button" class="button small" onClick={() => say({ tissue: FIRST_SHARES })}>
          {t("desk.tissue_say")}
        </button>
      ) : (
        <>
          {TISSUES.map((tissue) => (
            <label key={tissue} class="share">
              <span>{word("desk.tissue", tissue)}</span>
              <input
                type="range"
                min={0}
                max={100}
                step={SHARE_STEP}
                value={shares[tissue]}
                aria-valuetext={`${shares[tissue]} %`}
                onInput={(event) => say({ tissue: shared(shares, tissue, Number(event.currentTarget.value)) })}
              />
              <span class="figure">{shares[tissue]} %</span>
            </label>
          ))}
          <p class="quiet small">{t("desk.tissue_rest")}</p>
          <button type="button" class="button small" onClick={() => say({ tissue: null })}>
            {t("desk.tissue_leave")}
          </button>
        </>
      )}
    </fieldset>
  );
}
