/** The site's card: print it, measure its check bar, and hear whether this print may be used. */

import { useState } from "preact/hooks";
import { ApiError, cardPdfPath, cardsApi } from "../shared/api";
import type { CardPrint, CardStudy } from "../shared/cards_wire";
import { Icon } from "../shared/icons";
import { day, number, t } from "../shared/language";
import { ErrorNote } from "../shared/ui";
import { useLoaded } from "../shared/watch";
import { lengthOf } from "./length";
import "./cards.css";

const PAPERS = ["a4", "letter"] as const;
const BAR_OFF = "check_bar_off";

export function PrintCard({ study }: { study: CardStudy }) {
  const prints = useLoaded(() => cardsApi.prints(study.id), [study.id]);
  return (
    <section class="card card-work" aria-labelledby="print-card">
      <h2 id="print-card">{t("print_card.title")}</h2>
      <ol class="card-steps">
        <li>
          <p>{t("print_card.get")}</p>
          <p class="card-papers">
            {PAPERS.map((paper) => (
              <a key={paper} class="button big" href={cardPdfPath(study.id, paper)} target="_blank" rel="noopener">
                {t(`print_card.paper.${paper}`)}
              </a>
            ))}
          </p>
        </li>
        <li>
          <p>{t("print_card.print")}</p>
        </li>
        <li>
          <p>{t("print_card.measure")}</p>
          <BarForm study={study} confirmed={prints.reload} />
        </li>
      </ol>
      {prints.error ? <ErrorNote error={prints.error} retry={prints.reload} /> : null}
      {prints.value && <Known prints={prints.value} />}
    </section>
  );
}

interface Given {
  site_code: string;
  printer: string;
  length: string;
  print_lot: string;
}

function BarForm({ study, confirmed }: { study: CardStudy; confirmed: () => void }) {
  const [given, setGiven] = useState<Given>({
    site_code: study.sites[0]?.code ?? "",
    printer: "",
    length: "",
    print_lot: "",
  });
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Said | null>(null);
  const fill = (part: Partial<Given>) => {
    setSaid(null);
    setGiven({ ...given, ...part });
  };

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const check_bar_mm = lengthOf(given.length);
    if (check_bar_mm === null) return setSaid({ kind: "no_length" });
    setBusy(true);
    try {
      const { site_code, printer, print_lot } = given;
      const print = { site_code, printer: printer.trim(), check_bar_mm, print_lot: print_lot || null };
      setSaid({ kind: "good", print: await cardsApi.confirm(study.id, print) });
      setGiven({ ...given, length: "" });
      confirmed();
    } catch (error) {
      setSaid({ kind: "refused", error });
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="card-form" onSubmit={(event) => void submit(event)}>
      {study.sites.length > 1 && (
        <Choice
          label={t("print_card.site")}
          value={given.site_code}
          choose={(site_code) => fill({ site_code })}
          options={study.sites.map((site) => [site.code, site.name])}
        />
      )}
      <label class="field">
        <span>{t("print_card.printer")}</span>
        <input
          value={given.printer}
          maxLength={80}
          required
          autocomplete="off"
          aria-describedby="printer-hint"
          onInput={(event) => fill({ printer: event.currentTarget.value })}
        />
        <span id="printer-hint" class="quiet small">
          {t("print_card.printer_hint")}
        </span>
      </label>
      <label class="field">
        <span>{t("print_card.length")}</span>
        <input
          class="length"
          value={given.length}
          inputMode="decimal"
          required
          autocomplete="off"
          onInput={(event) => fill({ length: event.currentTarget.value })}
        />
      </label>
      {study.print_lots.length > 0 && (
        <Choice
          label={t("print_card.lot")}
          value={given.print_lot}
          choose={(print_lot) => fill({ print_lot })}
          options={[["", t("print_card.no_lot")], ...study.print_lots.map((lot): [string, string] => [lot, lot])]}
        />
      )}
      <button type="submit" class="button primary big" disabled={busy}>
        {t("print_card.confirm")}
      </button>
      {said && <Answer said={said} />}
    </form>
  );
}

type Said = { kind: "no_length" } | { kind: "good"; print: CardPrint } | { kind: "refused"; error: unknown };

function Answer({ said }: { said: Said }) {
  if (said.kind === "no_length") {
    return (
      <p class="note bad" role="alert">
        {t("print_card.not_a_length")}
      </p>
    );
  }
  if (said.kind === "good") {
    return (
      <p class="note good" role="status">
        {t("print_card.good", { length: number(said.print.check_bar_mm) })}
      </p>
    );
  }
  if (!(said.error instanceof ApiError && said.error.code === BAR_OFF)) return <ErrorNote error={said.error} />;
  return (
    <p class="note bad" role="alert">
      {t("print_card.off")}
    </p>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  choose: (value: string) => void;
  options: readonly (readonly [value: string, text: string])[];
}

function Choice({ label, value, choose, options }: ChoiceProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Known({ prints }: { prints: CardPrint[] }) {
  if (prints.length === 0) return null;
  return (
    <div>
      <h3>{t("print_card.known")}</h3>
      <ul class="card-known">
        {prints.map((print) => (
          <li key={print.id}>
            <Icon name="check" />
            <span>
              <strong>{print.printer}</strong> · {number(print.check_bar_mm)}&nbsp;mm · {day(print.confirmed_at)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
