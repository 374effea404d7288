/** What was measured, row by row: the area, how much of it has healed, and what that says against the baseline. */

import type { ComponentChildren } from "preact";
import { t } from "./language";
import { Percent, VerdictWord } from "./ui";
import type { Verdict } from "./wire";

export interface MeasuredRow {
  key: string;
  /** On the button that chooses the row. */
  name: ComponentChildren;
  title?: string;
  /** Beside the name, in a table that has a column for it. */
  state?: ComponentChildren;
  area: ComponentChildren;
  epithelialisation_percent: number | null;
  verdict: Verdict | null;
}

interface MeasuredTableProps {
  rows: MeasuredRow[];
  /** What the rows are. */
  named: string;
  /** Head of the column of states; without it there is none. */
  stated?: string;
  chosen: string;
  choose: (key: string) => void;
}

export function MeasuredTable({ rows, named, stated, chosen, choose }: MeasuredTableProps) {
  return (
    <table class="captures">
      <thead>
        <tr>
          <th scope="col">{named}</th>
          {stated && <th scope="col">{stated}</th>}
          <th scope="col" class="num">
            {t("captures.area")}
          </th>
          <th scope="col" class="num">
            {t("captures.healed")}
          </th>
          <th scope="col">{t("captures.verdict")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} class={row.key === chosen ? "chosen" : ""}>
            <th scope="row">
              <button type="button" class="row-button" title={row.title} onClick={() => choose(row.key)}>
                {row.name}
              </button>
            </th>
            {stated && <td>{row.state}</td>}
            <td class="num">{row.area}</td>
            <td class="num">
              <Percent value={row.epithelialisation_percent} />
            </td>
            <td>
              <VerdictWord verdict={row.verdict} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
