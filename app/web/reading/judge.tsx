/** A discordant case before its adjudicator: two reads, compared; one chosen, or another drawn. */

import { useMemo, useState } from "preact/hooks";
import { t, word } from "../shared/language";
import type { Side, SideName } from "../shared/wire";
import { CategoryAsk, ConfidenceAsk, TissueAsk } from "./asks";
import { Board } from "./board";
import { EditorView, Shown, machineLayer, type CaseProps } from "./case_view";
import { FlickerButtons, useFlicker } from "./flicker";
import { HelpDialog } from "./help_dialog";
import { JudgementAsk } from "./judgement_ask";
import { OutlineNotes } from "./outline_notes";
import { agreementMap, type Layer } from "./paint";
import { isDrawn, missing } from "./saying";
import { KeepingNote, LiveArea, SignBar } from "./sign_bar";
import { SignDialog } from "./sign_dialog";
import { ShownBar } from "./toolbar";
import type { CaseOnDesk } from "./use_case";
import { useEditor, type Editor } from "./use_editor";

const VIEWS = ["side", "flicker", "map", "draw"] as const;
type ViewName = (typeof VIEWS)[number];
const SIDES: readonly SideName[] = ["A", "B"];

/** "A: open", or "A: closed, no outline". */
export function sideWord(name: SideName, side: Side): string {
  const outline = side.rings.length === 0 ? `, ${t("desk.judge.no_outline")}` : "";
  return t("desk.judge.said", { side: name, said: `${word("desk.category", side.category)}${outline}` });
}

export function JudgingView({ desk, room, signed }: CaseProps) {
  const { reading, saying, keeping } = desk;
  const drawsOwn = saying.choice === "drawn";
  const editor = useEditor(desk, room, drawsOwn);
  const [view, setView] = useState<ViewName>(drawsOwn ? "draw" : "side");
  const [signing, sign] = useState(false);
  const wanting = missing(saying, reading.asks, true);
  const ask = { asks: reading.asks, saying, say: room.say };
  const shown = view === "draw" && !drawsOwn ? "side" : view;
  const flicker = useFlicker(shown === "flicker");
  return (
    <div class="desk-grid">
      <section class="desk-picture" aria-label={t("desk.judge.views")}>
        <div class="judge-bar">
          <div class="segmented" role="group" aria-label={t("desk.judge.views")}>
            {VIEWS.filter((name) => name !== "draw" || drawsOwn).map((name) => (
              <button key={name} type="button" aria-pressed={shown === name} onClick={() => setView(name)}>
                {word("desk.judge", name)}
              </button>
            ))}
          </div>
          {shown === "flicker" && <FlickerButtons flicker={flicker} />}
          {shown === "map" && <MapLegend desk={desk} />}
        </div>
        {shown === "draw" && <EditorView desk={desk} room={room} editor={editor} />}
        {shown === "side" && <SideBySide desk={desk} editor={editor} />}
        {shown === "flicker" && <Flickering desk={desk} editor={editor} side={flicker.shown} />}
        {shown === "map" && <AgreementView desk={desk} editor={editor} />}
        <ShownBar editor={editor}>
          <Shown desk={desk} editor={editor} />
        </ShownBar>
      </section>
      <section class="card desk-card" aria-label={t("desk.judge.question")}>
        <div class="desk-asks">
          <KeepingNote keeping={keeping} reload={room.reload} />
          <JudgementAsk desk={desk} room={room} drawn={() => setView("draw")} />
          {drawsOwn && (
            <>
              <CategoryAsk {...ask} />
              <TissueAsk {...ask} />
              {reading.asks.area_shown && <LiveArea keeping={keeping} isDrawn={isDrawn(saying)} />}
            </>
          )}
          <ConfidenceAsk {...ask} />
        </div>
        <SignBar missing={wanting} sign={() => sign(true)}>
          {drawsOwn && <OutlineNotes desk={desk} room={room} />}
        </SignBar>
      </section>
      {editor.helping && <HelpDialog close={() => editor.help(false)} />}
      {signing && (
        <SignDialog
          reading={reading}
          saying={saying}
          sign={async (signature) => signed(await room.lock(signature))}
          close={() => sign(false)}
        />
      )}
    </div>
  );
}

interface ViewProps {
  desk: CaseOnDesk;
  editor: Editor;
}

function sideLayers({ desk, editor }: ViewProps, sides: readonly SideName[]): Layer[] {
  const drawn = sides.map((side): Layer => ({ look: side, rings: desk.reading.sides![side].rings }));
  return [...machineLayer(desk, editor), ...(editor.outlineShown ? drawn : [])];
}

const looking = ({ desk, editor }: ViewProps) => ({
  picture: desk.reading.picture, sight: editor.sight, look: editor.look, light: editor.light, framed: editor.framed,
});

function SideBySide(props: ViewProps) {
  const sides = props.desk.reading.sides!;
  return (
    <div class="side-by-side">
      {SIDES.map((side) => (
        <Board
          key={side}
          {...looking(props)}
          layers={sideLayers(props, [side])}
          label={t("desk.judge.read", { side })}
          badge={sideWord(side, sides[side])}
        />
      ))}
    </div>
  );
}

function Flickering({ side, ...props }: ViewProps & { side: SideName }) {
  return (
    <Board
      {...looking(props)}
      layers={sideLayers(props, [side])}
      label={t("desk.judge.flicker")}
      badge={sideWord(side, props.desk.reading.sides![side])}
    />
  );
}

function AgreementView(props: ViewProps) {
  const { sides } = props.desk.reading;
  const { width, height } = props.editor.picture;
  const map = useMemo(
    () => agreementMap(sides!.A.rings, sides!.B.rings, { width, height }),
    [sides, width, height],
  );
  return (
    <Board
      {...looking(props)}
      map={props.editor.outlineShown ? map : null}
      layers={sideLayers(props, SIDES)}
      label={t("desk.judge.map")}
    />
  );
}

function MapLegend({ desk }: { desk: CaseOnDesk }) {
  const isEmpty = SIDES.every((side) => desk.reading.sides![side].rings.length === 0);
  return (
    <ul class="map-legend">
      {isEmpty && <li>{t("desk.judge.map_empty")}</li>}
      <li>
        <span class="swatch both" /> {t("desk.judge.map_both")}
      </li>
      {SIDES.map((side) => (
        <li key={side}>
          <span class={`swatch only-${side.toLowerCase()}`} /> {t("desk.judge.map_one", { side })}
        </li>
      ))}
    </ul>
  );
}
