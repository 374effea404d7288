/** The language of the page, its words, numbers and dates. */

import { effect, signal } from "@preact/signals";
import { en, type Key } from "./words_en";
import { fr } from "./words_fr";

export type Language = "fr" | "en";
export type { Key };

const STORED_AS = "planimeter.language";
export const words: Record<Language, Readonly<Record<Key, string>>> = { en, fr };

/** The first of the browser's languages that we speak; English when there is none. */
export function preferred(languages: readonly string[]): Language {
  for (const tag of languages) {
    const base = tag.slice(0, 2).toLowerCase();
    if (base === "fr" || base === "en") return base;
  }
  return "en";
}

function initial(): Language {
  if (typeof window === "undefined") return "en";
  const stored = window.localStorage.getItem(STORED_AS);
  return stored === "fr" || stored === "en" ? stored : preferred(navigator.languages);
}

export const language = signal<Language>(initial());

if (typeof window !== "undefined") {
  effect(() => {
    document.documentElement.lang = language.value;
    window.localStorage.setItem(STORED_AS, language.value);
  });
}

export type Values = Record<string, string | number>;

/** Put values in the places of a sentence: `{n} photos`. */
export function fill(sentence: string, values: Values = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Signs that must not begin a line stay with what they follow: "95 %", and French's "Quel ulcère ?". */
export function tied(sentence: string): string {
  return sentence.replace(/ ([%:;?!])/g, "\u00a0$1");
}

export function t(key: Key, values?: Values): string {
  return tied(fill(words[language.value][key], values));
}

type Counted<K> = K extends `${infer Stem}.one` ? Stem : never;

/** A sentence that depends on a number, by the language's plural rule. */
export function tn(stem: Counted<Key>, n: number, values: Values = {}): string {
  const form = new Intl.PluralRules(language.value).select(n) === "one" ? "one" : "other";
  return t(`${stem}.${form}` as Key, { n, ...values });
}

/** A word for a value that the service sends; the value itself when no word is known. */
export function word(group: string, value: string): string {
  const key = `${group}.${value.replaceAll(/[ .]/g, "_")}`;
  return key in en ? t(key as Key) : value.replaceAll("_", " ");
}

export function number(value: number, digits = 1): string {
  return new Intl.NumberFormat(language.value === "fr" ? "fr-FR" : "en-GB", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: "negative", // what rounds to nought bears no sign
  }).format(value);
}

/** A value of any size with three significant figures: 0.0123, 1.23, 123. */
export function brief(value: number): string {
  return new Intl.NumberFormat(language.value === "fr" ? "fr-FR" : "en-GB", {
    maximumSignificantDigits: 3,
  }).format(value);
}

export function day(iso: string): string {
  return new Intl.DateTimeFormat(language.value === "fr" ? "fr-FR" : "en-GB", {
    day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
  }).format(new Date(iso));
}

const HOUR_MINUTES = 60;

/** How long ago, or in how long, by minutes: "5 minutes ago", "in 11 hours". */
export function sinceMinutes(minutes: number): string {
  const words = new Intl.RelativeTimeFormat(language.value === "fr" ? "fr-FR" : "en-GB", { numeric: "auto" });
  const hours = Math.trunc(minutes / HOUR_MINUTES);
  return hours === 0 ? words.format(minutes, "minute") : words.format(hours, "hour");
}

/** The time of day of a moment that is near, as the clock on the wall shows it. */
export function clock(iso: string): string {
  return new Intl.DateTimeFormat(language.value === "fr" ? "fr-FR" : "en-GB", { timeStyle: "short" }).format(new Date(iso));
}

/** "3 hours ago", "yesterday". */
export function since({ value, unit }: { value: number; unit: Intl.RelativeTimeFormatUnit }): string {
  return new Intl.RelativeTimeFormat(language.value === "fr" ? "fr-FR" : "en-GB", { numeric: "auto" }).format(value, unit);
}

export function moment(iso: string): string {
  const text = new Intl.DateTimeFormat(language.value === "fr" ? "fr-FR" : "en-GB", {
    dateStyle: "medium", timeStyle: "medium", timeZone: "UTC",
  }).format(new Date(iso));
  return `${text} UTC`;
}

/** The service's own sentence in the page's language. */
export function ours(texts: { fr: string; en: string }): string {
  return tied(texts[language.value]);
}
