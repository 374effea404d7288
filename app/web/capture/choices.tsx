/** Answers as large buttons in a row: one of several, or none of them. */

interface ChoiceProps<Value> {
  legend: string;
  values: readonly { value: Value; text: string }[];
  chosen: Value | null;
  /** The chosen one again takes the answer back, where it may be left open. */
  choose: (value: Value | null) => void;
  optional?: boolean;
  class?: string;
}

export function Choices<Value extends string | number | boolean>(props: ChoiceProps<Value>) {
  const { legend, values, chosen, choose, optional } = props;
  return (
    <fieldset class={props.class ? `answers ${props.class}` : "answers"}>
      <legend>{legend}</legend>
      <div class="answer-row">
        {values.map(({ value, text }) => (
          <button
            key={String(value)}
            type="button"
            class="pick answer"
            aria-pressed={chosen === value}
            onClick={() => choose(optional && chosen === value ? null : value)}
          >
            {text}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
