/** On an enrolled tablet: whoever has no PIN yet is offered one. */

import { t } from "../shared/language";
import { navigate } from "../shared/router";
import { me } from "../shared/session";
import { here } from "../tablet/here";
import { PIN_PAGE } from "../tablet/pin_page";

export function PinOffer() {
  const person = here.value?.people.find((one) => one.username === me.value?.username);
  if (!person || person.has_pin) return null;
  return (
    <div class="note pin-offer">
      <p>{t("tablet.choose_pin_why")}</p>
      <button type="button" class="button big" onClick={() => navigate(PIN_PAGE)}>
        {t("tablet.choose_pin")}
      </button>
    </div>
  );
}
