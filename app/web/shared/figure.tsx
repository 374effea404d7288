/** A figure under its name, in a list of them (`dl.figures`). */

import type { ComponentChildren } from "preact";
import { t } from "./language";

export function Figure({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What measured: the network, and the software around it. */
export function ModelFigure({ model, version }: { model: string; version: string }) {
  return (
    <Figure name={t("figures.model")}>
      {model} <span class="quiet small nowrap">({t("figures.software", { version })})</span>
    </Figure>
  );
}
