import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { createListener } from '../discord/listener.ts';
import { createBoundSocket, type PlayerLogin } from '../players/player-session.ts';

/** A web service that cannot work without its PostgreSQL, as the `site` of 2020-12-11. */
export interface SiteService {
  /** As in `http://127.0.0.1:40123/`. */
  readonly url: string;
  /** Statuses given so far, oldest first. */
  statuses(): readonly number[];
  /** Requests under way are cut, and their sessions too. */
  close(): Promise<void>;
}

/** Far less than the 120 s after which Cloudflare gives up: nobody should wait so long for a drill. */
const ANSWER_WITHIN_MS = 3_000;

/**
 * Listens on 127.0.0.1, on a free port. Each request logs in, runs `sql` and logs out: 200 when that went well, 503 when
 * PostgreSQL said no, 524 when it said nothing in time, as the CDN before it would answer.
 */
export async function createSiteService(options: {
  readonly login: PlayerLogin;
  readonly sql?: string;
  readonly answerWithinMs?: number;
}): Promise<SiteService> {
  const { login, sql = 'select 1', answerWithinMs = ANSWER_WITHIN_MS } = options;
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();
  const statuses: number[] = [];
  const listener = createListener(0, {
    request(_, res) {
      const answering = query(login, sql, answerWithinMs, closing.signal).then((status) => {
        statuses.push(status);
        underWay.delete(answering);
        res.writeHead(status).end();
      });
      underWay.add(answering);
    },
    upgrade: (_, socket) => socket.destroy(),
  });
  await listener.listen();
  return {
    url: `http://127.0.0.1:${listener.port}/`,
    statuses: () => [...statuses],
    async close() {
      closing.abort();
      await Promise.all([listener.down(), ...underWay]);
    },
  };
}

/**
 * On a session of its own, whose socket is closed when this resolves; a backend amid a statement notices that as late as any
 * other (facts.md, PostgreSQL 12). Never rejects.
 */
async function query(
  { applicationName, localAddress, ...where }: PlayerLogin,
  sql: string,
  withinMs: number,
  signal: AbortSignal,
): Promise<number> {
  const socket = createBoundSocket(localAddress);
  const client = new Client({ ...where, ssl: false, application_name: applicationName, stream: () => socket });
  client.on('error', () => {}); // Being thrown out is part of the play: the query under way rejects and tells.
  const settled = new AbortController();
  const deadline = async (): Promise<number> => {
    // Rejects when it is cut short, which is the same to whoever asks.
    await delay(withinMs, undefined, { signal: AbortSignal.any([signal, settled.signal]) }).catch(() => {});
    return 524;
  };
  const ask = async (): Promise<number> => {
    try {
      await client.connect();
      await client.query(sql);
      await client.end();
      return 200;
    } catch {
      return 503; // Refused, thrown out or given up: the visitor of a site is not told which either.
    }
  };
  const status = await Promise.race([ask(), deadline()]);
  settled.abort();
  socket.destroy();
  return status;
}
