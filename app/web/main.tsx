/** Wires the pages: who may look at what, by role and address. */

import { render } from "preact";
import { useEffect } from "preact/hooks";
import { AccountPage } from "./account/page";
import { CardPage } from "./capture/card_page";
import { CapturePage } from "./capture/page";
import { useSending } from "./capture/waiting_badge";
import { dropDraftsOfOthers } from "./reading/draft_vault";
import { ReadingPage } from "./reading/page";
import "./shared/base.css";
import "./shared/parts.css";
import { t } from "./shared/language";
import { tellErrors } from "./shared/page_errors";
import { workOffline } from "./shared/pages_update";
import { navigate, path } from "./shared/router";
import { ENROL_PAGE, entry, home, lock, me, open } from "./shared/session";
import { Shell, waysOf } from "./shared/shell";
import { SignInPage } from "./shared/sign_in";
import { Empty, Loading } from "./shared/ui";
import { AuditPage } from "./study/audit_page";
import { CardsPage } from "./study/cards_page";
import { StudyPage } from "./study/page";
import { ReadersPage } from "./study/readers_page";
import { heldUp } from "./tablet/database";
import { EnrolPage } from "./tablet/enrol_page";
import { here } from "./tablet/here";
import { watchIdle } from "./tablet/idle";
import { LockScreen } from "./tablet/lock_screen";
import { PinPage } from "./tablet/pin_page";
import { photographs } from "./tablet/shift";
import { TabletsPage } from "./study/tablets_page";

const PAGES = {
  "/study": StudyPage,
  "/capture": CapturePage,
  "/card": CardPage,
  "/pin": PinPage,
  "/reading": ReadingPage,
  "/readers": ReadersPage,
  "/tablets": TabletsPage,
  "/cards": CardsPage,
  "/audit": AuditPage,
  "/account": AccountPage,
} as const;

type PagePath = keyof typeof PAGES;

function pagePath(address: string): PagePath | null {
  const first = `/${address.split("/")[1] ?? ""}`;
  return first in PAGES ? (first as PagePath) : null;
}

/** What a nurse's pages do besides being looked at: send what waits, open without network, lock when left alone. */
function useTablet(): void {
  const person = me.value;
  const nurse = person !== null && photographs(person.role) ? person.username : null;
  const locks = nurse !== null && here.value !== null;
  useSending(nurse);
  useEffect(() => {
    if (nurse !== null) void workOffline();
  }, [nurse]);
  useEffect(() => (locks ? watchIdle(() => void lock()) : undefined), [locks]);
}

function SignedIn() {
  const person = me.value!;
  useTablet();
  const wanted = pagePath(path.value);
  // What somebody else drew on this device is none of this person's; without storage there is nothing to drop.
  useEffect(() => void dropDraftsOfOthers(person.username).catch(() => undefined), [person.username]);
  const allowed = wanted !== null && waysOf(person.role).includes(wanted);
  useEffect(() => {
    if (!allowed) navigate(home.value, "replace");
  }, [allowed, path.value]);
  if (person.role === "pipeline") return <Empty title={t("pipeline.no_pages")} />;
  if (!allowed) return <Loading />;
  const Page = PAGES[wanted];
  return <Page key={person.username} />;
}

/** A page that is opened without network looks so often whether there is one. */
const LOOK_AGAIN_MS = 10_000;

function Unreachable() {
  useEffect(() => {
    const again = (): void => void open();
    const timer = setInterval(again, LOOK_AGAIN_MS);
    window.addEventListener("online", again);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", again);
    };
  }, []);
  return (
    <Empty title={t("error.unreachable")}>
      <button type="button" class="button big" onClick={() => void open()}>
        {t("action.retry")}
      </button>
    </Empty>
  );
}

function App() {
  useEffect(() => void open(), []);
  switch (entry.value) {
    case "loading":
      return <Shell>{heldUp.value ? <Empty title={t("tablet.held_up")} /> : <Loading />}</Shell>;
    case "unreachable":
      return <Shell><Unreachable /></Shell>;
    case "signed_out":
      return <Shell>{path.value === ENROL_PAGE ? <EnrolPage /> : <SignInPage />}</Shell>;
    case "locked":
      return <Shell><LockScreen /></Shell>;
    case "signed_in":
      return <Shell><SignedIn /></Shell>;
  }
}

tellErrors();
render(<App />, document.getElementById("app")!);
