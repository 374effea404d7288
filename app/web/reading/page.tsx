/** The reading room: the queue, one case at a time, and after its lock the next. */

import { useEffect, useRef, useState } from "preact/hooks";
import { readingApi } from "../shared/api";
import { Icon } from "../shared/icons";
import { moment, t, tn } from "../shared/language";
import { Link, match, navigate, path } from "../shared/router";
import { me } from "../shared/session";
import { Empty, ErrorNote, Loading } from "../shared/ui";
import { useWatched } from "../shared/watch";
import type { ReadingLock, ReadingQueue } from "../shared/wire";
import { AssessmentsPage } from "./assessments";
import { ReadingView } from "./case_view";
import "./desk.css";
import { JudgingView } from "./judge";
import { nextCase, nextWord } from "./queue";
import { KeepingWord } from "./sign_bar";
import { useCase } from "./use_case";

const ROOM = "/reading";
const LOOK_AGAIN_MS = 10_000;
/** As much of a hash and of a code as is compared at a glance; the whole is in the element's title. */
const HASH_SHOWN = 12;
const CODE_SHOWN = 8;

export function ReadingPage() {
  if (match("/reading/assessments", path.value)) return <AssessmentsPage />;
  return <ReadingRoom />;
}

function ReadingRoom() {
  const code = match("/reading/case/:code", path.value)?.["code"] ?? null;
  const [lock, setLock] = useState<ReadingLock | null>(null);
  const { value: queue, error } = useWatched(readingApi.queue, LOOK_AGAIN_MS, [lock]);
  async function signed(signature: ReadingLock): Promise<void> {
    const after = await readingApi.queue().catch(() => null);
    const next = after ? nextCase(after) : signature.next_code;
    setLock(signature);
    navigate(next ? `${ROOM}/case/${next}` : ROOM, "replace");
  }
  return (
    <div class="page reading-room">
      {code ? (
        <Case
          key={code}
          code={code}
          queue={queue}
          before={lock}
          begun={() => setLock(null)}
          signed={(signature) => void signed(signature)}
        />
      ) : (
        <>
          {lock && <SignedNote lock={lock} />}
          <QueueView queue={queue} error={error} />
        </>
      )}
    </div>
  );
}

function signature(lock: ReadingLock): string {
  return t("desk.signed", { time: moment(lock.signed_at), hash: `${lock.sha256.slice(0, HASH_SHOWN)}…` });
}

function SignedNote({ lock }: { lock: ReadingLock }) {
  return (
    <div class="note good signed-note" role="status">
      <Icon name="check" />
      <div>
        <p class="note-title">{t("desk.signed_last")}</p>
        <p class="small" title={lock.sha256}>
          {signature(lock)}
        </p>
      </div>
    </div>
  );
}

/** Where "saved" will stand: nothing moves under the hand when the one gives way to the other. */
function SignedWord({ lock }: { lock: ReadingLock }) {
  return (
    <p class="signed-note" role="status" title={lock.sha256}>
      <span class="keeping">
        <Icon name="check" /> {t("desk.signed_next")}
      </span>
      <span class="quiet small">{signature(lock)}</span>
    </p>
  );
}

function QueueView({ queue, error }: { queue: ReadingQueue | null; error: unknown }) {
  if (queue === null) return error ? <ErrorNote error={error} /> : <Loading />;
  const next = nextCase(queue);
  return (
    <div class="queue">
      <section class="card queue-card">
        <h1>{t("desk.title")}</h1>
        {queue.total > 0 && (
          <>
            <p class="queue-count">{tn("desk.read", queue.total, { locked: queue.locked })}</p>
            <progress value={queue.locked} max={queue.total} aria-label={t("desk.title")} />
          </>
        )}
        <p>{t(nextWord(queue, me.value!.role))}</p>
        {next && (
          <button type="button" class="button primary big wide" onClick={() => navigate(`${ROOM}/case/${next}`)}>
            {t(queue.locked + queue.started.length > 0 ? "desk.go_on" : "desk.begin")}
          </button>
        )}
        <p class="quiet small">{t("desk.how")}</p>
        {error ? <ErrorNote error={error} /> : null}
        <p class="queue-else">
          <Link to={`${ROOM}/assessments`}>{t("desk.assessments")}</Link>
        </p>
      </section>
    </div>
  );
}

interface CaseProps {
  code: string;
  queue: ReadingQueue | null;
  /** The signature of the case before. */
  before: ReadingLock | null;
  /** Something is said of it: what was signed before has been read. */
  begun: () => void;
  signed: (lock: ReadingLock) => void;
}

function Case({ code, queue, before, begun, signed }: CaseProps) {
  const room = useCase(code);
  const heading = useRef<HTMLHeadingElement>(null);
  const { desk } = room;
  const isHere = desk !== null;
  useEffect(() => {
    if (isHere) heading.current?.focus({ preventScroll: true });
  }, [isHere]);
  const isSaid = desk?.keeping.state === "saving";
  useEffect(() => {
    if (isSaid) begun();
  }, [isSaid]);
  if (room.error) {
    return (
      <>
        <ErrorNote error={room.error} retry={room.reload} />
        <Link to={ROOM} class="case-back">
          {t("desk.back")}
        </Link>
      </>
    );
  }
  if (desk === null) return <Loading />;
  const View = desk.reading.sides ? JudgingView : ReadingView;
  return (
    <>
      <header class="case-head">
        <h1 ref={heading} tabIndex={-1}>
          {queue && desk.reading.state !== "locked"
            ? t("desk.case", { place: Math.min(queue.locked + 1, queue.total), total: queue.total })
            : t("reading.case")}
        </h1>
        <span class="quiet small code" title={code}>
          {t("desk.case_code", { code: code.slice(0, CODE_SHOWN) })}
        </span>
        <div class="case-state">
          {before && <SignedWord lock={before} />}
          {!before && desk.reading.state !== "locked" && <KeepingWord keeping={desk.keeping} />}
        </div>
        <Link to={ROOM} class="case-back">
          {t("desk.back")}
        </Link>
      </header>
      {desk.found && <p class="note warn found-note">{t(desk.found === "resumed" ? "desk.resumed" : "desk.overtaken")}</p>}
      {desk.reading.state === "locked" ? (
        <Empty title={t("desk.locked_already")} />
      ) : (
        <View desk={desk} room={room} signed={signed} />
      )}
    </>
  );
}
