/** In the frame of every page: how many photographs wait on this tablet, and whether there is a network. */

import { useEffect } from "preact/hooks";
import { reached } from "../shared/api";
import { Icon } from "../shared/icons";
import { t, tn } from "../shared/language";
import { Link, path } from "../shared/router";
import { forgetFlow } from "./flow";
import { pause, resume, waiting, wake } from "./tray";
import { WAITING_PAGE } from "./waiting_page";

/** In front, the page looks this often whether something can be sent. */
const LOOK_MS = 30_000;

/** Sends what waits for as long as this person is signed in, whatever page is open. */
export function useSending(person: string | null): void {
  useEffect(() => {
    if (person === null) return undefined;
    void resume(person);
    const inFront = (): void => {
      if (!document.hidden) void wake();
    };
    const online = (): void => void wake();
    const timer = setInterval(inFront, LOOK_MS);
    window.addEventListener("online", online);
    document.addEventListener("visibilitychange", inFront);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", online);
      document.removeEventListener("visibilitychange", inFront);
      pause();
      forgetFlow();
    };
  }, [person]);
}

export function WaitingBadge() {
  const { mine, notes } = waiting.value;
  const own = mine + notes;
  return (
    <Link to={WAITING_PAGE} class={own > 0 ? "queue-badge some" : "queue-badge"} current={path.value === WAITING_PAGE}>
      <Icon name={own > 0 ? "clock" : "check"} />
      <span data-testid="waiting-count">{own > 0 ? tn("waiting.count", own) : t("waiting.none")}</span>
      {!reached.value && <span class="no-network">{t("waiting.offline")}</span>}
    </Link>
  );
}
