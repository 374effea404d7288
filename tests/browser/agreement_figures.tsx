/** Draws the figures of the agreement that the test puts into the window. */

import { render } from "preact";
import "../../app/web/shared/base.css";
import "../../app/web/shared/parts.css";
import { language, type Language } from "../../app/web/shared/language";
import { AgreementFigures } from "../../app/web/study/agreement";
import type { Agreement } from "../../app/web/study/agreement_wire";

declare global {
  interface Window {
    told: { agreement: Agreement; language: Language };
  }
}

language.value = window.told.language;
render(
  <main>
    <AgreementFigures agreement={window.told.agreement} />
  </main>,
  document.getElementById("app")!,
);
