import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../src/model/clock.ts';
import type { Connection } from './connection.ts';
import type { Dispatch } from './dispatches.ts';
import { wants } from './intents.ts';

/** One bot's place in the stream of events; outlives its connection for a while. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  sequence: number;
  /** What was dispatched, for a resume. */
  readonly sent: { readonly s: number; readonly payload: object }[];
  connection: Connection | null;
  lostAt: number | null;
}

export interface Sessions {
  readonly all: ReadonlySet<Session>;
  open(intents: number, connection: Connection): Session;
  /** The session to go on with, or null when it is too old, unknown, or `sequence` lies ahead of it. */
  resumable(id: unknown, sequence: unknown): Session | null;
  /** Sends and remembers an event. */
  dispatch(session: Session, dispatch: Dispatch): void;
  replay(session: Session, after: number): void;
  end(session: Session): void;
}

/** How long Discord keeps a lost session is not documented: "some minutes". */
const RESUMABLE_MS = 3 * 60_000;
const REMEMBERED = 1_000;

export function createSessions(clock: Clock): Sessions {
  const all = new Set<Session>();
  const isTooOld = ({ lostAt }: Session): boolean => lostAt !== null && clock.now() - lostAt > RESUMABLE_MS;
  return {
    all,
    open(intents, connection) {
      const id = randomBytes(16).toString('hex');
      const session: Session = { id, intents, sequence: 0, sent: [], connection, lostAt: null };
      all.add(session);
      return session;
    },
    resumable(id, sequence) {
      const session = [...all].find((one) => one.id === id);
      if (session === undefined || typeof sequence !== 'number' || sequence > session.sequence) return null;
      const forgotten = session.sent.length > 0 && (session.sent[0]?.s ?? 0) > sequence + 1;
      return isTooOld(session) || forgotten ? null : session;
    },
    dispatch(session, { t, d }) {
      // Nobody can come back for it any more: stop remembering.
      if (isTooOld(session)) all.delete(session);
      if (!wants(session.intents, t)) return;
      session.sequence += 1;
      const payload = { op: 0, t, s: session.sequence, d };
      session.sent.push({ s: session.sequence, payload });
      if (session.sent.length > REMEMBERED) session.sent.shift();
      session.connection?.send(payload);
    },
    replay(session, after) {
      for (const { s, payload } of session.sent) if (s > after) session.connection?.send(payload);
    },
    end: (session) => void all.delete(session),
  };
}
