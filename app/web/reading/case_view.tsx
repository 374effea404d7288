/** One case before its reader: the picture, the tools, what is asked, and the signature. */

import { useState } from "preact/hooks";
import { t } from "../shared/language";
import type { ReadingLock } from "../shared/wire";
import { CategoryAsk, ConfidenceAsk, TissueAsk } from "./asks";
import { Board } from "./board";
import { HelpDialog } from "./help_dialog";
import { OutlineNotes } from "./outline_notes";
import { OwnOutline } from "./own_outline";
import type { Layer } from "./paint";
import { isDrawn, missing } from "./saying";
import { KeepingNote, LiveArea, SignBar } from "./sign_bar";
import { SignDialog } from "./sign_dialog";
import { ShownBar, Toolbar } from "./toolbar";
import type { CaseDesk, CaseOnDesk } from "./use_case";
import { useEditor, type Editor } from "./use_editor";

export interface CaseProps {
  desk: CaseOnDesk;
  room: CaseDesk;
  signed: (lock: ReadingLock) => void;
}

/** The switches for what is laid over the picture. */
export function Shown({ desk, editor }: { desk: CaseOnDesk; editor: Editor }) {
  const machine = desk.reading.machine_rings;
  return (
    <>
      <label class="switch">
        <input
          type="checkbox"
          checked={editor.outlineShown}
          onChange={(e) => editor.showOutline(e.currentTarget.checked)}
        />
        <span>{t("desk.outline")}</span>
      </label>
      {machine && machine.length > 0 && (
        <label class="switch">
          <input
            type="checkbox"
            checked={editor.machineShown}
            onChange={(e) => editor.showMachine(e.currentTarget.checked)}
          />
          <span>{t("desk.machine")}</span>
        </label>
      )}
      {machine?.length === 0 && <span class="quiet small">{t("desk.machine_none")}</span>}
    </>
  );
}

export function machineLayer(desk: CaseOnDesk, editor: Editor): Layer[] {
  const rings = desk.reading.machine_rings;
  return rings && editor.machineShown ? [{ look: "machine", rings }] : [];
}

/** Tools, picture and what belongs to it. */
export function EditorView({ desk, room, editor }: { desk: CaseOnDesk; room: CaseDesk; editor: Editor }) {
  const { picture } = desk.reading;
  const own: Layer[] = editor.outlineShown ? [{ look: "own", rings: desk.saying.rings }] : [];
  return (
    <div class="editor">
      <Toolbar
        tools={editor.tools}
        px_per_mm={picture.scale_px_per_mm}
        canUndo={desk.past.before.length > 0}
        canRedo={desk.past.after.length > 0}
        undo={room.undo}
        redo={room.redo}
      />
      <Board
        picture={picture}
        sight={editor.sight}
        look={editor.look}
        light={editor.light}
        layers={[...machineLayer(desk, editor), ...own]}
        drawing={editor.outlineShown ? editor.tools.drawing : null}
        label={t("desk.picture")}
        framed={editor.framed}
      />
    </div>
  );
}

export function ReadingView({ desk, room, signed }: CaseProps) {
  const editor = useEditor(desk, room, true);
  const [signing, sign] = useState(false);
  const { reading, saying, keeping } = desk;
  const wanting = missing(saying, reading.asks, false);
  const ask = { asks: reading.asks, saying, say: room.say };
  return (
    <div class="desk-grid">
      <section class="desk-picture" aria-label={t("desk.picture")}>
        <EditorView desk={desk} room={room} editor={editor} />
        <ShownBar editor={editor}>
          <Shown desk={desk} editor={editor} />
        </ShownBar>
      </section>
      <section class="card desk-card" aria-label={t("desk.what")}>
        <div class="desk-asks">
          <KeepingNote keeping={keeping} reload={room.reload} />
          <CategoryAsk {...ask} />
          <TissueAsk {...ask} />
          <ConfidenceAsk {...ask} />
          {reading.asks.area_shown && <LiveArea keeping={keeping} isDrawn={isDrawn(saying)} />}
          <OwnOutline reading={reading} complete={wanting.length === 0} stand={room.ownStands} />
        </div>
        <SignBar missing={wanting} sign={() => sign(true)}>
          <OutlineNotes desk={desk} room={room} />
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
