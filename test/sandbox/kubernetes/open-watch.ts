import type { SandboxKubernetes } from '../../../sandbox/kubernetes/create-sandbox-kubernetes.ts';

export interface WatchLine {
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- JSON of many kinds
  readonly object: any;
}

export interface OpenWatch {
  readonly status: number;
  /** The next line; null when the server has ended it, or the connection broke. */
  next(): Promise<WatchLine | null>;
  /** All that is left until its end. */
  rest(): Promise<readonly WatchLine[]>;
  close(): void;
}

/** A watch as a client without a library reads it; `path` with its query. */
export async function openWatch({ url }: Pick<SandboxKubernetes, 'url'>, path: string): Promise<OpenWatch> {
  const over = new AbortController();
  const response = await fetch(url + path, { signal: over.signal });
  const lines = readLines(response);
  const next = async (): Promise<WatchLine | null> => {
    try {
      const { value, done } = await lines.next();
      return done ? null : (JSON.parse(value) as WatchLine);
    } catch {
      return null; // the connection broke
    }
  };
  return {
    status: response.status,
    next,
    async rest() {
      const all: WatchLine[] = [];
      for (let line = await next(); line; line = await next()) all.push(line);
      return all;
    },
    close: () => over.abort(),
  };
}

async function* readLines({ body }: Response): AsyncGenerator<string, void> {
  let text = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = (text + chunk).split('\n');
    text = parts.pop() ?? '';
    yield* parts;
  }
}
