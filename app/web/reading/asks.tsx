/** What a reader is asked: open, closed or not assessable; why; how sure; what covers the ulcer. */

import { language, ours, t, word } from "../shared/language";
import type { Asks, Category, Saying, TissueShares } from "../shared/wire";
import { Choices } from "./choices";

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
      <Choices
        asked={t("desk.what")}
        name="category"
        look="three"
        choices={CATEGORIES.map(({ category, key }) => ({
          value: category,
          shown: (
            <>
              {word("desk.category", category)} <kbd aria-hidden="true">{key}</kbd>
            </>
          ),
        }))}
        chosen={saying.category}
        choose={(category) => say(categoryOf(category))}
      />
      {saying.category === "not_assessable" && (
        <Choices
          asked={t("desk.reason")}
          name="reason"
          look="many"
          lang={language.value}
          choices={asks.reasons.map(({ code, label_fr, label_en }) => ({
            value: code,
            shown: ours({ fr: label_fr, en: label_en }),
          }))}
          chosen={saying.reason}
          choose={(reason) => say({ reason })}
        />
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
    <Choices
      asked={t("desk.confidence")}
      name="confidence"
      look="five"
      choices={CONFIDENCES.map((confidence) => ({ value: confidence, shown: confidence }))}
      chosen={saying.confidence}
      choose={(confidence) => say({ confidence })}
    >
      <p class="confidence-ends quiet small">
        <span>{t("desk.confidence_low")}</span>
        <span>{t("desk.confidence_high")}</span>
      </p>
    </Choices>
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
    <fieldset class="asked">
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
