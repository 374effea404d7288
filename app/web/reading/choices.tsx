/** Radio buttons as large cards: a question and its answers. */

import type { ComponentChildren } from "preact";

export interface Choice<Value> {
  value: Value;
  shown: ComponentChildren;
}

interface ChoicesProps<Value> {
  asked: string;
  name: string;
  look: "three" | "five" | "many";
  choices: readonly Choice<Value>[];
  chosen: Value | null;
  choose: (value: Value) => void;
  /** Language of the answers, where they are the protocol's own words. */
  lang?: string;
  children?: ComponentChildren;
}

export function Choices<Value extends string | number>(props: ChoicesProps<Value>) {
  const { asked, name, look, choices, chosen, choose, lang, children } = props;
  return (
    <fieldset class="asked">
      <legend>{asked}</legend>
      <div class={`answers ${look}`} lang={lang}>
        {choices.map(({ value, shown }) => (
          <label key={value} class="choice-card">
            <input type="radio" name={name} value={value} checked={chosen === value} onChange={() => choose(value)} />
            <span>{shown}</span>
          </label>
        ))}
      </div>
      {children}
    </fieldset>
  );
}
