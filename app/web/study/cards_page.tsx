/** The data manager's view of cards and cameras: each site's drift chart, and the prints that it confirmed. */

import { cardsApi } from "../shared/api";
import type { CardPrint, SiteDrift } from "../shared/cards_wire";
import { Icon } from "../shared/icons";
import { day, number, t } from "../shared/language";
import { study } from "../shared/session";
import { Empty, ErrorNote, Loading } from "../shared/ui";
import { useLoaded } from "../shared/watch";
import { driftCsv, signalled, signed } from "./drift";
import { DriftChart, DriftLegend, chartSays } from "./drift_chart";
import { FigureCard } from "./figure_card";
import "./study.css";
import "./agreement.css";
import "./cards.css";

export function CardsPage() {
  return study.value ? <Cards studyId={study.value.id} /> : <Empty title={t("study.none")} />;
}

function Cards({ studyId }: { studyId: string }) {
  const { value, error } = useLoaded(
    async () => ({ drift: await cardsApi.drift(studyId), prints: await cardsApi.prints(studyId) }),
    [studyId],
  );
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t("cards.title")}</h1>
        <p class="quiet">{t("cards.explained")}</p>
      </header>
      {error ? <ErrorNote error={error} /> : null}
      {!value && !error && <Loading />}
      {value && (
        <div class="cards-sites">
          {value.drift.map((drift) => (
            <SiteCard
              key={drift.site_code}
              drift={drift}
              prints={value.prints.filter((print) => print.site_code === drift.site_code)}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function SiteCard({ drift, prints }: { drift: SiteDrift; prints: CardPrint[] }) {
  const measured = drift.points.length > 0;
  return (
    <FigureCard
      title={t("cards.site", { name: drift.site_name, code: drift.site_code })}
      explained={measured ? chartSays(drift) : t("cards.no_shot")}
      file={`drift-${drift.site_code}`}
      text={() => driftCsv(drift)}
    >
      {measured && (
        <>
          <DriftChart drift={drift} />
          <DriftLegend />
          <Signals drift={drift} />
        </>
      )}
      <Due drift={drift} />
      <Prints prints={prints} />
    </FigureCard>
  );
}

function Signals({ drift }: { drift: SiteDrift }) {
  const shots = signalled(drift);
  if (shots.length === 0) return <p class="note good">{t("cards.in_control")}</p>;
  return (
    <div class="note warn">
      <Icon name="alert" />
      <div>
        <p class="note-title">{t("cards.look")}</p>
        <ul class="reasons">
          {shots.map((shot) => (
            <li key={shot.shot_id}>
              {t("cards.signal", {
                date: day(shot.taken_at),
                deviation: signed(shot.deviation_percent),
                why: shot.signals.map((signal) => t(`cards.signal.${signal}`)).join(", "),
              })}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Due({ drift }: { drift: SiteDrift }) {
  if (drift.next_due_on === null) return null;
  const late = Date.parse(drift.next_due_on) < new Date().setUTCHours(0, 0, 0, 0);
  return <p class={late ? "overdue" : "quiet"}>{t(late ? "cards.overdue" : "cards.due", { date: day(drift.next_due_on) })}</p>;
}

function Prints({ prints }: { prints: CardPrint[] }) {
  return (
    <>
      <h3>{t("cards.prints")}</h3>
      {prints.length === 0 ? (
        <p class="quiet">{t("cards.no_print")}</p>
      ) : (
        <div class="table-scroll">
          <table class="captures">
            <thead>
              <tr>
                <th scope="col">{t("cards.printer")}</th>
                <th scope="col" class="num">
                  {t("cards.bar")}
                </th>
                <th scope="col">{t("cards.lot")}</th>
                <th scope="col">{t("cards.confirmed")}</th>
              </tr>
            </thead>
            <tbody>
              {prints.map((print) => (
                <tr key={print.id}>
                  <th scope="row">{print.printer}</th>
                  <td class="num">{number(print.check_bar_mm)}&nbsp;mm</td>
                  <td>{print.print_lot ?? "–"}</td>
                  <td>{day(print.confirmed_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
