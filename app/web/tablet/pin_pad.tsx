/** Six digits on large keys; the PIN is given on by itself at the last one. */

import { useEffect, useState } from "preact/hooks";
import { Icon } from "../shared/icons";
import { t } from "../shared/language";

export const PIN_DIGITS = 6;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

interface PadProps {
  label: string;
  busy: boolean;
  give: (pin: string) => void;
}

export function PinPad({ label, busy, give }: PadProps) {
  const [typed, setTyped] = useState("");

  function add(digit: string): void {
    if (busy || typed.length >= PIN_DIGITS) return;
    const pin = typed + digit;
    if (pin.length < PIN_DIGITS) return setTyped(pin);
    setTyped("");
    give(pin);
  }

  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (/^\d$/.test(event.key)) add(event.key);
      else if (event.key === "Backspace") setTyped(typed.slice(0, -1));
    };
    window.addEventListener("keydown", key);
    return () => window.removeEventListener("keydown", key);
  });

  const digit = (value: string) => (
    <button key={value} type="button" class="pick pin-key" aria-label={t("tablet.pin_digit", { n: value })} disabled={busy} onClick={() => add(value)}>
      {value}
    </button>
  );
  return (
    <div class="pin" role="group" aria-label={label}>
      <p class="pin-label">{label}</p>
      <p class="pin-dots" role="status" aria-label={t("tablet.pin_typed", { n: typed.length, total: PIN_DIGITS })}>
        {Array.from({ length: PIN_DIGITS }, (_, i) => (
          <span key={i} class={i < typed.length ? "pin-dot full" : "pin-dot"} />
        ))}
      </p>
      <div class="pin-keys">
        {KEYS.map(digit)}
        <span />
        {digit("0")}
        <button
          type="button"
          class="pick pin-key"
          disabled={busy || typed.length === 0}
          onClick={() => setTyped(typed.slice(0, -1))}
        >
          <Icon name="left" label={t("tablet.pin_clear")} />
        </button>
      </div>
    </div>
  );
}
