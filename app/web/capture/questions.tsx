/** The protocol's questions beside the photograph, as large buttons. */

import type { ComponentChildren } from "preact";
import { t } from "../shared/language";
import type { Complication, Drainage, VisitQuestion } from "../shared/wire";
import { Choices } from "./choices";
import type { Answers } from "./flow";

const PAINS = Array.from({ length: 11 }, (_, pain) => pain);
const DRAINAGES: readonly Drainage[] = ["none", "serous", "bloody", "purulent"];
const COMPLICATIONS: readonly Complication[] = ["none", "infection", "gangrene", "amputation", "hospitalisation", "other"];

interface QuestionsProps {
  asked: readonly VisitQuestion[];
  answers: Answers;
  change: (answers: Answers) => void;
}

export function Questions({ asked, answers, change }: QuestionsProps) {
  const yesNo = (name: "dressing_removed" | "infection_signs") => (
    <Choices
      class="yes-no"
      legend={t(`visit.${name}`)}
      values={[{ value: true, text: t("ulcer.yes") }, { value: false, text: t("ulcer.no") }]}
      chosen={answers[name]}
      choose={(value) => change({ ...answers, [name]: value })}
      optional
    />
  );
  const drawn: Record<VisitQuestion, () => ComponentChildren> = {
    pain: () => <Pain answers={answers} change={change} />,
    dressing_removed: () => yesNo("dressing_removed"),
    infection_signs: () => yesNo("infection_signs"),
    drainage: () => (
      <Choices
        legend={t("visit.drainage")}
        values={DRAINAGES.map((value) => ({ value, text: t(`visit.drainage.${value}`) }))}
        chosen={answers.drainage}
        choose={(drainage) => change({ ...answers, drainage })}
        optional
      />
    ),
    complication: () => (
      <Choices
        legend={t("visit.complication")}
        values={COMPLICATIONS.map((value) => ({ value, text: t(`visit.complication.${value}`) }))}
        chosen={answers.complication}
        choose={(complication) => change({ ...answers, complication })}
        optional
      />
    ),
  };
  return (
    <div class="questions">
      {asked.map((question) => (
        <div key={question} class={`question ${question}`}>
          {drawn[question]()}
        </div>
      ))}
    </div>
  );
}

function Pain({ answers, change }: Omit<QuestionsProps, "asked">) {
  return (
    <>
      <Choices
        legend={t("visit.pain")}
        class="pain"
        values={PAINS.map((pain) => ({ value: pain, text: String(pain) }))}
        chosen={answers.pain}
        choose={(pain) => change({ ...answers, pain })}
        optional
      />
      <p class="pain-ends quiet small" aria-hidden="true">
        <span>{t("visit.pain_none")}</span>
        <span>{t("visit.pain_worst")}</span>
      </p>
    </>
  );
}
