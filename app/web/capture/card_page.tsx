/** The site's card: printed at its true length, and now and then photographed with its reference. */

import { t } from "../shared/language";
import { study } from "../shared/session";
import { Empty } from "../shared/ui";
import { strip } from "./live/jpeg_header";
import { PhantomShot } from "./phantom_shot";
import { PrintCard } from "./print_card";

export function CardPage() {
  const open = study.value;
  if (!open) return <Empty title={t("study.none")} />;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t("card.title")}</h1>
      </header>
      <PrintCard study={open} />
      {open.phantom_shot_every_days !== null && <PhantomShot study={open} strip={strip} />}
    </div>
  );
}
