/** A site's card work on a page of its own, as the capture pages place it. */

import { render } from "preact";
import "../../app/web/shared/base.css";
import "../../app/web/shared/parts.css";
import { PhantomShot } from "../../app/web/capture/phantom_shot";
import { PrintCard } from "../../app/web/capture/print_card";
import type { CardStudy } from "../../app/web/shared/cards_wire";
import { language, type Language } from "../../app/web/shared/language";

declare global {
  interface Window {
    told: { study: CardStudy; language: Language };
  }
}

const { study, language: spoken } = window.told;
language.value = spoken;
render(
  <main>
    <PrintCard study={study} />
    <PhantomShot study={study} strip={(bytes) => ({ bytes })} />
  </main>,
  document.getElementById("app")!,
);
