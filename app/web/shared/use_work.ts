/** Work that a person waits for: whether it goes on, and what went wrong. */

import { useState } from "preact/hooks";

export interface Work {
  busy: boolean;
  error: unknown;
  /** What went wrong is kept in `error`, not thrown. */
  run: (work: () => Promise<void>) => Promise<void>;
}

export function useWork(): Work {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }
  return { busy, error, run };
}
