/** One line that a container printed. */
export interface LogEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** What one run of a container printed, oldest first; the oldest are dropped when it prints without end. */
export interface ContainerLog {
  readonly print: (text: string) => void;
  entries(): readonly LogEntry[];
}

const MOST_LINES = 5_000;

export function createContainerLog(now: () => number): ContainerLog {
  const lines: LogEntry[] = [];
  return {
    print(text) {
      lines.push({ at: now(), text });
      if (lines.length > MOST_LINES) lines.shift();
    },
    entries: () => [...lines],
  };
}
