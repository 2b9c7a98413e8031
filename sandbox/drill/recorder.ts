/** What a drill found, in order; `at` is epoch milliseconds. */
export interface Entry {
  readonly at: number;
  readonly kind: 'act' | 'alert' | 'edit' | 'answer' | 'passed' | 'failed' | 'figure';
  readonly text: string;
}

/** The figures of contract.md, "Commands for people"; null is what did not happen or does not exist yet. */
export interface Figures {
  /** When PostgreSQL passed the threshold, epoch milliseconds: the zero of the others. */
  crossedAt: number | null;
  detectMs: number | null;
  acknowledgeMs: number | null;
  recoverMs: number | null;
  peakSessions: number | null;
  /** As the results of kill-stale say. */
  terminated: number | null;
  spared: number | null;
  incident: { readonly id: string; readonly events: number } | null;
  /** Markdown. */
  postmortem: string | null;
  /** What else a scenario measures, as in `leadMs`; beside those of the contract. */
  readonly own: Record<string, number>;
}

export interface Recorder {
  readonly entries: readonly Entry[];
  readonly figures: Figures;
  note(kind: Entry['kind'], text: string, at?: number): void;
  /** When the act that is being played began, epoch milliseconds. */
  actBeganAt(): number;
  /** Notes whether an expectation holds; a drill with one that does not exits with a status other than 0. */
  expect(holds: boolean, text: string): void;
  readonly failures: readonly string[];
}

export function createRecorder(now: () => number, onEntry: (entry: Entry) => void): Recorder {
  const entries: Entry[] = [];
  const failures: string[] = [];
  const figures: Figures = {
    crossedAt: null,
    detectMs: null,
    acknowledgeMs: null,
    recoverMs: null,
    peakSessions: null,
    terminated: null,
    spared: null,
    incident: null,
    postmortem: null,
    own: {},
  };
  function note(kind: Entry['kind'], text: string, at = now()): void {
    const entry = { at, kind, text };
    entries.push(entry);
    onEntry(entry);
  }
  return {
    entries,
    figures,
    failures,
    note,
    actBeganAt: () => entries.findLast(({ kind }) => kind === 'act')?.at ?? now(),
    expect(holds, text) {
      note(holds ? 'passed' : 'failed', text);
      if (!holds) failures.push(text);
    },
  };
}
