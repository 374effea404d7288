/** A small form: some fields, one button, and what went wrong. */

import { ErrorNote } from "../shared/ui";
import { useWork } from "../shared/use_work";

export interface Field {
  name: string;
  label: string;
  type?: "password";
  autocomplete: "current-password" | "new-password" | "one-time-code";
  optional?: boolean;
}

interface AskProps {
  fields: readonly Field[];
  action: string;
  work: (given: Record<string, string>) => Promise<void>;
}

export function Ask({ fields, action, work }: AskProps) {
  const { busy, error, run } = useWork();

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    await run(() => work(Object.fromEntries(fields.map(({ name }) => [name, String(form.get(name) ?? "")]))));
  }

  return (
    <form class="ask" onSubmit={(event) => void submit(event)}>
      {fields.map(({ name, label, type, autocomplete, optional }) => (
        <label key={name} class="field">
          <span>{label}</span>
          <input
            name={name}
            {...(type === "password" ? ({ type } as const) : ({ type: "text" } as const))}
            autocomplete={autocomplete}
            autocapitalize="none"
            spellcheck={false}
            required={!optional}
          />
        </label>
      ))}
      {error ? <ErrorNote error={error} /> : null}
      <button type="submit" class="button primary" disabled={busy}>
        {action}
      </button>
    </form>
  );
}
