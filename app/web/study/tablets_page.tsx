/** The sites' tablets: made ready with a code, watched, and revoked when lost. */

import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Icon, type IconName } from "../shared/icons";
import { clock, day, since, t } from "../shared/language";
import { study } from "../shared/session";
import { Empty, ErrorNote, Loading } from "../shared/ui";
import { useWatched } from "../shared/watch";
import type { Study } from "../shared/wire";
import { NewTabletForm } from "./new_tablet";
import { RevokeForm } from "./revoke_tablet";
import { ago, inOrder, stateOf, type Tablet, type TabletState } from "./tablets";
import "./tablets.css";

/** A code is typed within minutes while this page is open beside it. */
const LOOK_AGAIN_MS = 5_000;

export function TabletsPage() {
  return study.value ? <Tablets key={study.value.id} study={study.value} /> : <Empty title={t("study.none")} />;
}

function Tablets({ study: open }: { study: Study }) {
  const [turn, setTurn] = useState(0);
  const [revoking, setRevoking] = useState<string | null>(null);
  const { value, error } = useWatched(() => api.tablets(open.id), LOOK_AGAIN_MS, [open.id, turn]);

  function changed(): void {
    setRevoking(null);
    setTurn((n) => n + 1);
  }

  return (
    <div class="page tablets">
      <header class="page-head">
        <h1>{t("tablets.title")}</h1>
        <p class="quiet">{t("tablets.explained")}</p>
      </header>
      {error ? <ErrorNote error={error} /> : null}
      <NewTabletForm study={open} tablets={value ?? []} made={changed} />
      {!value && !error && <Loading />}
      {value &&
        open.sites.map((site) => (
          <section key={site.code} class="card" aria-labelledby={`tablets-${site.code}`}>
            <h2 id={`tablets-${site.code}`}>
              {site.name} <span class="quiet">{site.code}</span>
            </h2>
            <SiteTablets
              tablets={inOrder(value.filter((tablet) => tablet.site_code === site.code))}
              revoking={revoking}
              ask={setRevoking}
              revoked={changed}
            />
          </section>
        ))}
    </div>
  );
}

interface SiteTabletsProps {
  tablets: readonly Tablet[];
  revoking: string | null;
  ask: (id: string | null) => void;
  revoked: () => void;
}

function SiteTablets({ tablets, revoking, ask, revoked }: SiteTabletsProps) {
  const now = new Date();
  if (tablets.length === 0) return <p class="quiet">{t("tablets.none")}</p>;
  return (
    <ul class="tablet-list">
      {tablets.map((tablet) => (
        <li key={tablet.id} class="tablet">
          <p class="tablet-name">{tablet.name}</p>
          <StateOf tablet={tablet} now={now} />
          <p class="tablet-seen">
            <span class="quiet small">{t("tablets.seen")} </span>
            {seen(tablet, now)}
          </p>
          {tablet.revoked_at === null && revoking !== tablet.id && (
            <button
              type="button"
              class="button small tablet-action"
              aria-label={t("tablets.revoke_named", { name: tablet.name })}
              onClick={() => ask(tablet.id)}
            >
              {t("tablets.revoke")}
            </button>
          )}
          {revoking === tablet.id && <RevokeForm tablet={tablet} keep={() => ask(null)} revoked={revoked} />}
        </li>
      ))}
    </ul>
  );
}

function seen(tablet: Tablet, now: Date): string {
  if (tablet.last_seen_at === null) return t("tablets.never_seen");
  const span = ago(tablet.last_seen_at, now);
  return span === null ? t("tablets.seen_now") : since(span);
}

const STATE_LOOK: Record<TabletState, { tag: string; icon: IconName }> = {
  waiting: { tag: "received", icon: "clock" },
  expired: { tag: "refused", icon: "alert" },
  enrolled: { tag: "measured", icon: "check" },
  revoked: { tag: "gone", icon: "cross" },
};

function StateOf({ tablet, now }: { tablet: Tablet; now: Date }) {
  const state = stateOf(tablet, now);
  const { tag, icon } = STATE_LOOK[state];
  const told = {
    waiting: () => t("tablets.state.waiting", { time: clock(tablet.code_expires_at!) }),
    expired: () => t("tablets.state.expired"),
    enrolled: () => t("tablets.state.enrolled", { day: day(tablet.enrolled_at!) }),
    revoked: () => t("tablets.state.revoked", { day: day(tablet.revoked_at!) }),
  }[state]();
  return (
    <p>
      <span class={`tag ${tag}`}>
        <Icon name={icon} />
        {told}
      </span>
    </p>
  );
}
