/** The frame of every page: name, ways, language, person; the demo's band with its role switch. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { WaitingBadge } from "../capture/waiting_badge";
import { here } from "../tablet/here";
import { PIN_PAGE } from "../tablet/pin_page";
import { Icon } from "./icons";
import { language, t, word, type Language } from "./language";
import { Link, path } from "./router";
import { updateNow, updateReady } from "./pages_update";
import { become, home, lock, me, signOut, study } from "./session";
import { ErrorNote } from "./ui";
import type { DemoAccount, Me, Role } from "./wire";

interface Way {
  to: string;
  key: "nav.study" | "nav.capture" | "nav.reading" | "nav.readers" | "nav.audit" | "nav.card" | "nav.tablets" | "nav.cards";
}

/** Everybody's own account; it has its place at the person's name, not among the ways. */
const ACCOUNT = "/account";

const WAYS: Record<Role, Way[]> = {
  data_manager: [
    { to: "/study", key: "nav.study" },
    { to: "/readers", key: "nav.readers" },
    { to: "/tablets", key: "nav.tablets" },
    { to: "/cards", key: "nav.cards" },
    { to: "/audit", key: "nav.audit" },
  ],
  site_staff: [
    { to: "/capture", key: "nav.capture" },
    { to: "/study", key: "nav.study" },
    { to: "/card", key: "nav.card" },
  ],
  reader: [{ to: "/reading", key: "nav.reading" }],
  adjudicator: [{ to: "/reading", key: "nav.reading" }],
  pipeline: [],
};

export function waysOf(role: Role): readonly string[] {
  return [...WAYS[role].map((way) => way.to), ACCOUNT, ...(role === "site_staff" ? [PIN_PAGE] : [])];
}

export function Shell({ children }: { children: ComponentChildren }) {
  const person = me.value;
  return (
    <>
      <a class="skip" href="#main">
        {t("nav.skip")}
      </a>
      {person?.demo && <DemoBand person={person} />}
      <header class={person?.role === "site_staff" ? "top gloves" : "top"}>
        <Link to={home.value} class="brand" label={t("nav.home")}>
          <Mark />
          <span>Planimeter</span>
        </Link>
        {study.value && <span class="top-study">{study.value.code}</span>}
        {person && (
          <nav class="ways" aria-label={t("nav.pages")}>
            {WAYS[person.role].map((way) => (
              <Link key={way.to} to={way.to} current={path.value.startsWith(way.to)}>
                {t(way.key)}
              </Link>
            ))}
          </nav>
        )}
        <div class="top-end">
          {person?.role === "site_staff" && <WaitingBadge />}
          <LanguageSwitch />
          {person && (
            <>
              <Link to={ACCOUNT} class="person" current={path.value.startsWith(ACCOUNT)}>
                <span class="person-name">{person.username}</span>
                <span class="quiet small">{word("role", person.role)}</span>
              </Link>
              {person.role === "site_staff" && here.value && (
                <button type="button" class="button small" onClick={() => void lock()}>
                  <Icon name="lock" />
                  {t("tablet.lock")}
                </button>
              )}
              <button type="button" class="button small" onClick={() => void signOut()}>
                {t("nav.sign_out")}
              </button>
            </>
          )}
        </div>
      </header>
      {updateReady.value && <UpdateBand />}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function UpdateBand() {
  return (
    <div class="update" role="status">
      <p>{t("update.ready")}</p>
      <button type="button" class="button" onClick={updateNow}>
        {t("update.now")}
      </button>
    </div>
  );
}

/** A border traced around a wound, and the wheel that measures it. */
function Mark() {
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M8 17C7 11 13 6 18 7c6 1 9 6 7 12-1 5-8 6-11 5-4 0-6-3-6-7z" />
      <circle cx="25.4" cy="17" r="3.1" />
    </svg>
  );
}

function LanguageSwitch() {
  const choices: { code: Language; short: string; name: string }[] = [
    { code: "fr", short: "FR", name: "Français" },
    { code: "en", short: "EN", name: "English" },
  ];
  return (
    <div class="segmented" role="group" aria-label={t("nav.language")}>
      {choices.map(({ code, short, name }) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-label={`${short} ${name}`}
          aria-pressed={language.value === code}
          onClick={() => (language.value = code)}
        >
          {short}
        </button>
      ))}
    </div>
  );
}

const DEMO_ORDER: Role[] = ["data_manager", "site_staff", "reader", "adjudicator", "pipeline"];

function inOrder(accounts: readonly DemoAccount[]): DemoAccount[] {
  return [...accounts].sort((a, b) => DEMO_ORDER.indexOf(a.role) - DEMO_ORDER.indexOf(b.role));
}

function DemoBand({ person }: { person: Me }) {
  const [error, setError] = useState<unknown>(null);
  return (
    <div class="demo">
      <p>
        <strong>{t("demo.title")}</strong> <span>{t("demo.explained")}</span>
      </p>
      <div class="segmented demo-roles" role="group" aria-label={t("demo.look_as")}>
        <span class="demo-label">{t("demo.look_as")}</span>
        {inOrder(person.demo_accounts).map((account) => (
          <button
            key={account.username}
            type="button"
            aria-pressed={account.username === person.username}
            onClick={() => void become(account.username).then(() => setError(null), setError)}
          >
            {language.value === "fr" ? account.label_fr : account.label_en}
          </button>
        ))}
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </div>
  );
}
