/** Locked, or another person takes the tablet: who, then the PIN; or a password. */

import { useEffect, useState } from "preact/hooks";
import { ApiError, reached } from "../shared/api";
import { language, t, tn } from "../shared/language";
import { lockedFor, signInInstead, unlock } from "../shared/session";
import { ErrorNote } from "../shared/ui";
import type { TabletPerson } from "../shared/wire";
import { askHere, here } from "./here";
import { PinPad } from "./pin_pad";
import "./tablet.css";

/** Who may enter here by PIN; without network only whoever was at work. */
function people(): Pick<TabletPerson, "username" | "label_fr" | "label_en" | "has_pin">[] {
  const listed = here.value?.people ?? [];
  const last = lockedFor.value?.username;
  if (listed.length > 0 && reached.value) return listed;
  const known = listed.filter((person) => person.username === last);
  if (known.length > 0 || last === undefined) return known;
  return [{ username: last, label_fr: last, label_en: last, has_pin: true }];
}

function nameOf(person: { label_fr: string; label_en: string }): string {
  return language.value === "fr" ? person.label_fr : person.label_en;
}

type Trouble = { tries_left: number } | { error: unknown } | null;

/** The PIN opens nothing any more: the password is the way. */
function isDropped(trouble: Trouble): boolean {
  return trouble !== null && "tries_left" in trouble && trouble.tries_left === 0;
}

/** The service's count of tries, or what else it says. */
function troubleOf(error: unknown): Trouble {
  const left = error instanceof ApiError ? error.details["tries_left"] : undefined;
  return typeof left === "number" ? { tries_left: left } : { error };
}

export function LockScreen() {
  const [chosen, choose] = useState(lockedFor.value?.username ?? null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>(null);
  const revoked = here.value === null;
  const listed = revoked ? [] : people();
  const person = listed.find((one) => one.username === chosen);
  useEffect(() => void askHere(), []);

  async function give(pin: string): Promise<void> {
    if (!person) return;
    setBusy(true);
    setTrouble(null);
    try {
      setTrouble(await unlock(person.username, pin));
    } catch (error) {
      setTrouble(troubleOf(error));
    }
    setBusy(false);
  }

  return (
    <div class="lock">
      <section class="card lock-card" aria-labelledby="lock-title">
        <h1 id="lock-title">{t("tablet.lock_title")}</h1>
        {lockedFor.value && <p class="quiet">{t("tablet.locked_for", { name: lockedFor.value.username })}</p>}
        {!reached.value && lockedFor.value && (
          <p class="note warn">{t("tablet.offline_only", { name: lockedFor.value.username })}</p>
        )}
        {revoked && (
          <p class="note bad" role="alert">
            {t("tablet.revoked")}
          </p>
        )}
        <div class="lock-grid">
          <ul class="lock-people">
            {listed.length === 0 && !revoked && <li class="quiet">{t("tablet.nobody")}</li>}
            {listed.map((one) => (
              <li key={one.username}>
                <button
                  type="button"
                  class="pick tile lock-person"
                  aria-pressed={one.username === chosen}
                  disabled={!one.has_pin}
                  onClick={() => {
                    choose(one.username);
                    setTrouble(null);
                  }}
                >
                  <strong>{nameOf(one)}</strong>
                  {!one.has_pin && <span class="small">{t("tablet.no_pin")}</span>}
                </button>
              </li>
            ))}
            <li>
              <button type="button" class={revoked || isDropped(trouble) ? "button primary big wide" : "button big wide"} onClick={() => void signInInstead()}>
                {t("tablet.by_password")}
              </button>
            </li>
          </ul>
          {person?.has_pin && <PinPad key={person.username} label={t("tablet.pin_of", { name: nameOf(person) })} busy={busy} give={(pin) => void give(pin)} />}
        </div>
        {busy && <p role="status">{t("tablet.pin_checking")}</p>}
        <Told trouble={trouble} />
      </section>
    </div>
  );
}

function Told({ trouble }: { trouble: Trouble }) {
  if (!trouble) return null;
  if ("error" in trouble) return <ErrorNote error={trouble.error} />;
  return (
    <p class="note bad" role="alert">
      {isDropped(trouble)
        ? t(reached.value ? "tablet.pin_dropped" : "tablet.pin_dropped_offline")
        : tn("tablet.pin_wrong", trouble.tries_left)}
    </p>
  );
}
