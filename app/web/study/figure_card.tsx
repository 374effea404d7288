/** A figure on a card: what it shows, in a sentence, and its numbers as a file. */

import type { ComponentChildren } from "preact";
import { t } from "../shared/language";
import { save } from "./agreement_csv";

interface FigureCardProps {
  title: string;
  explained: string;
  file: string;
  text: () => string;
  wide?: boolean;
  children: ComponentChildren;
}

export function FigureCard({ title, explained, file, text, wide, children }: FigureCardProps) {
  return (
    <section class={wide ? "card agreement-card wide" : "card agreement-card"}>
      <div class="section-head">
        <h2>{title}</h2>
        <button
          type="button"
          class="button small"
          aria-label={t("agreement.save_as", { title })}
          onClick={() => save(`${file}.csv`, text())}
        >
          CSV
        </button>
      </div>
      <p class="quiet small">{explained}</p>
      {children}
    </section>
  );
}
