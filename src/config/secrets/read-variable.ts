/** The process's environment, or a stand-in. */
export type Environment = Readonly<Record<string, string | undefined>>;
/** Reads a whole file as UTF-8; throws when it cannot. */
export type ReadFile = (path: string) => string;

/** Reads each file once: a secret may come from a pipe, which is empty the second time. */
export function createReadOnce(readFile: ReadFile): ReadFile {
  const read = new Map<string, string>();
  return (path) => {
    const text = read.get(path) ?? readFile(path);
    read.set(path, text);
    return text;
  };
}

export type Variable =
  | { readonly kind: 'unset' }
  | { readonly kind: 'set'; readonly value: string; readonly from: string }
  | { readonly kind: 'fault'; readonly fault: string };

/**
 * One secret from `<variable>` or from the file that `<variable>_FILE` names, its trailing newline left out. A fault
 * never quotes either: people have been known to put the secret itself into `_FILE`.
 */
export function readVariable(variable: string, env: Environment, readFile: ReadFile): Variable {
  const direct = env[variable];
  const fileVariable = `${variable}_FILE`;
  const path = env[fileVariable];
  if (direct !== undefined && path !== undefined) {
    return { kind: 'fault', fault: `is set twice, as ${variable} and as ${fileVariable}: unset one of the two` };
  }
  if (direct !== undefined) return { kind: 'set', value: direct, from: variable };
  if (path === undefined) return { kind: 'unset' };
  try {
    return { kind: 'set', value: readFile(path).replace(/\r?\n$/, ''), from: fileVariable };
  } catch (error) {
    return {
      kind: 'fault',
      fault: `cannot be read from the file that ${fileVariable} names (${errorCode(error)}): make it readable`,
    };
  }
}

/** `ENOENT`, `EACCES`…; the message of such an error would quote the path. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unreadable';
}
