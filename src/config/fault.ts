/** One thing to put right in the configuration, at a place in its file. Never holds a secret's value. */
export interface Fault {
  /** From 1, always a line of the file. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** As people write it: `databases[0].connection.port`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, then what to write. */
  readonly message: string;
}

/** The faults of one file as people and editors read them: one a line, `file:line:column path: message`, in file order. */
export function renderFaults(file: string, faults: readonly Fault[]): string {
  const lines = faults.map(({ line, column, path, message }) => {
    return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`;
  });
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return [`${file} has ${count}:`, ...lines, ''].join('\n');
}
