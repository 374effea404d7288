/** Who is with the nurse: those due now first, all others by code. */

import { useState } from "preact/hooks";
import { reached } from "../shared/api";
import { Icon } from "../shared/icons";
import { day, t, tn } from "../shared/language";
import { visitLabel } from "../shared/places";
import { Empty } from "../shared/ui";
import type { Study, Timepoint } from "../shared/wire";
import type { AtHand } from "./at_hand";
import { EnrolForm } from "./enrol_form";
import { chooseSubject } from "./flow";
import { agenda, dayOf, means, type Agenda } from "./windows";

interface ListProps {
  study: Study;
  atHand: AtHand;
  enrolled: () => void;
}

export function SubjectList({ study, atHand, enrolled }: ListProps) {
  const [typed, setTyped] = useState("");
  const [enrolling, setEnrolling] = useState(false);
  const all = agenda(atHand.subjects, atHand.ulcers, dayOf(new Date()));
  const found = all.filter((one) => means(typed, one.subject.subject_code));
  return (
    <>
      <header class="page-head with-action">
        <h1>{t("flow.subjects")}</h1>
        <button type="button" class="button big" disabled={!reached.value} onClick={() => setEnrolling(true)}>
          <Icon name="plus" />
          {t("enrol.open")}
        </button>
      </header>
      {!reached.value && <p class="note">{t("enrol.needs_network")}</p>}
      <label class="field search">
        <span>{t("flow.search")}</span>
        <input
          type="search"
          value={typed}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      {all.length === 0 && <Empty title={t("flow.no_subjects")} />}
      {all.length > 0 && found.length === 0 && <Empty title={t("flow.none_found")} />}
      <Group title={t("flow.due_first")} study={study} members={found.filter((one) => one.due !== null)} />
      <Group title={t("flow.others")} study={study} members={found.filter((one) => one.due === null)} />
      {enrolling && <EnrolForm study={study} close={() => setEnrolling(false)} enrolled={enrolled} />}
    </>
  );
}

function Group({ title, study, members }: { title: string; study: Study; members: Agenda[] }) {
  if (members.length === 0) return null;
  return (
    <section class="subject-group">
      <h2>{title}</h2>
      <ul class="subjects">
        {members.map((member) => (
          <li key={member.subject.id}>
            <button
              type="button"
              class={member.due ? "pick tile subject-button due" : "pick tile subject-button"}
              onClick={() => chooseSubject(member.subject.id)}
            >
              <strong class="subject-code">{member.subject.subject_code}</strong>
              <span>{saidOf(study, member)}</span>
              <span class="quiet small">
                {member.ulcers.length > 0 ? tn("flow.ulcers", member.ulcers.length) : t("flow.no_ulcer_yet")}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function nameOf(study: Study, point: Timepoint): string {
  const visit = study.visits.find((one) => one.code === point.visit_code);
  return visit ? visitLabel(visit) : point.visit_code;
}

function saidOf(study: Study, { due, next, ulcers }: Agenda): string {
  if (due) return t("flow.due_until", { visit: nameOf(study, due), date: day(due.window_to) });
  if (next) return t("flow.next_from", { visit: nameOf(study, next), date: day(next.window_from) });
  return ulcers.length > 0 ? t("flow.all_done") : "";
}
