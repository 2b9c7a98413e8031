import type { ServerResponse } from 'node:http';
import { createListener } from '../discord/listener.ts';

/** What a service does with each request: answer with a status, hold it open, or cut the connection. */
export type Conduct = number | 'hang' | 'cut';

/** A small web service that a drill makes fail as it likes. */
export interface SandboxService {
  /** As in `http://127.0.0.1:40123/`. */
  readonly url: string;
  /** From the next request on, and at once for those that hang. */
  answer(conduct: Conduct): void;
  /** Requests so far. */
  requests(): number;
  /** Nothing listens until `up`, which comes back at the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, on a free port; answers 200 until told otherwise. */
export async function createSandboxService(conduct: Conduct = 200): Promise<SandboxService> {
  const hanging = new Set<ServerResponse>();
  let current = conduct;
  let requests = 0;
  const listener = createListener(0, {
    request(_, res) {
      requests += 1;
      res.once('close', () => hanging.delete(res));
      act(res);
    },
    upgrade: (_, socket) => socket.destroy(),
  });

  function act(res: ServerResponse): void {
    if (current === 'hang') return void hanging.add(res);
    hanging.delete(res);
    if (current === 'cut') res.destroy();
    else res.writeHead(current).end();
  }

  await listener.listen();
  return {
    url: `http://127.0.0.1:${listener.port}/`,
    answer(next) {
      current = next;
      for (const res of hanging) act(res);
    },
    requests: () => requests,
    down: () => listener.down(),
    up: () => listener.listen(),
    close: () => listener.down(),
  };
}
