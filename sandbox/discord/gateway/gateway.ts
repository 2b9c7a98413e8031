import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Faults, GatewayAct } from '../faults.ts';
import type { World } from '../world/world.ts';
import { createConnection } from './connection.ts';
import { dispatchOf, guildDispatch, readyDispatch } from './dispatches.ts';
import { refuseIntents } from './intents.ts';
import { createSessions, type Session } from './sessions.ts';

export interface Gateway {
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  act(act: GatewayAct): void;
  /** Cuts every connection; sessions can be resumed. */
  cutAll(): void;
  /** Reads no connection any more: not even a close frame or a ping is answered. */
  freeze(): void;
  /** How many connections have identified or resumed and stand. */
  readonly connected: number;
  close(): void;
}

interface Parts {
  readonly world: World;
  readonly token: string;
  readonly url: () => string;
  readonly faults: () => Faults;
  readonly heartbeatIntervalMs: number;
}

const OP = { dispatch: 0, heartbeat: 1, identify: 2, resume: 6, reconnect: 7, invalidSession: 9, hello: 10, ack: 11 };
/** Presence, voice state, members, soundboard sounds: taken and ignored. */
const PASSIVE_OPS: ReadonlySet<number> = new Set([3, 4, 8, 31]);

/** The gateway of Discord, version 10, JSON: identify, heartbeat, resume, dispatch. */
export function createGateway({ world, token, url, faults, heartbeatIntervalMs }: Parts): Gateway {
  const server = new WebSocketServer({ noServer: true });
  const sessions = createSessions(world.clock);
  const muted = (): boolean => faults().has('black-hole');

  const stop = world.events.on((event) => {
    const dispatch = dispatchOf(world, event);
    if (dispatch !== null) for (const session of sessions.all) sessions.dispatch(session, dispatch);
  });

  const attach = (socket: WebSocket, query: URLSearchParams): void => {
    const zlibStream = query.get('compress') === 'zlib-stream';
    const connection = createConnection(socket, { zlibStream, muted });
    let session: Session | null = null;

    const handlers: Readonly<Record<number, (d: unknown) => void>> = {
      [OP.heartbeat]: () => {
        if (!faults().has('no-heartbeat-ack')) connection.send({ op: OP.ack });
      },
      [OP.identify]: (d) => {
        const wanted = (d ?? {}) as { readonly token?: string; readonly intents?: number };
        if (session !== null) return connection.close(4005, 'Already authenticated.');
        if (wanted.token !== token) return connection.close(4004, 'Authentication failed.');
        const refusal = refuseIntents(wanted.intents);
        if (refusal !== null)
          return connection.close(refusal, refusal === 4014 ? 'Disallowed intent(s).' : 'Invalid intent(s).');
        session = sessions.open(wanted.intents ?? 0, connection);
        sessions.dispatch(session, readyDispatch(world, session.id, url()));
        sessions.dispatch(session, guildDispatch(world));
      },
      [OP.resume]: (d) => {
        const wanted = (d ?? {}) as { readonly token?: string; readonly session_id?: string; readonly seq?: number };
        if (wanted.token !== token) return connection.close(4004, 'Authentication failed.');
        const found = sessions.resumable(wanted.session_id, wanted.seq);
        if (found === null) return connection.send({ op: OP.invalidSession, d: false });
        found.connection?.cut();
        found.connection = connection;
        found.lostAt = null;
        session = found;
        sessions.replay(found, wanted.seq ?? 0);
        sessions.dispatch(found, { t: 'RESUMED', d: {} });
      },
    };

    socket.on('message', (data: Buffer) => {
      if (muted()) return;
      const payload = parse(data);
      const handler = payload === null ? undefined : handlers[payload.op];
      if (payload === null) connection.close(4002, 'Error while decoding payload.');
      else if (handler !== undefined) handler(payload.d);
      else if (!PASSIVE_OPS.has(payload.op)) connection.close(4001, 'Unknown opcode.');
      else if (session === null) connection.close(4003, 'Not authenticated.');
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', (code: number) => {
      if (session === null || session.connection !== connection) return;
      session.connection = null;
      session.lostAt = world.clock.now();
      // Closed by the client with 1000 or 1001, or by us for good: no resume (Discord, "Disconnecting").
      if (code === 1000 || code === 1001 || (code >= 4003 && code !== 4008 && code < 4100)) sessions.end(session);
    });
    connection.send({ op: OP.hello, d: { heartbeat_interval: heartbeatIntervalMs, _trace: [] } });
  };

  const connections = () => [...sessions.all].flatMap(({ connection }) => (connection === null ? [] : [connection]));
  return {
    upgrade(req, socket, head) {
      if (muted()) return;
      if (faults().has('gateway-down')) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
        return;
      }
      const query = new URL(req.url ?? '/', 'http://sandbox').searchParams;
      server.handleUpgrade(req, socket, head, (client) => attach(client, query));
    },
    act(act) {
      const toAll = (payload: object): void => connections().forEach((connection) => connection.send(payload));
      if (act.kind === 'close') connections().forEach((connection) => connection.close(act.code));
      else if (act.kind === 'drop-sockets') connections().forEach((connection) => connection.cut());
      else if (act.kind === 'reconnect') toAll({ op: OP.reconnect, d: null });
      else if (act.kind === 'malformed-dispatch') {
        for (const session of sessions.all) sessions.dispatch(session, { t: 'INTERACTION_CREATE', d: { type: 2 } });
      } else {
        if (!act.resumable) for (const session of sessions.all) sessions.end(session);
        toAll({ op: OP.invalidSession, d: act.resumable });
      }
    },
    cutAll: () => server.clients.forEach((client) => client.terminate()),
    freeze: () => server.clients.forEach((client) => client.pause()),
    get connected() {
      return connections().length;
    },
    close() {
      stop();
      server.clients.forEach((client) => client.terminate());
      server.close();
    },
  };
}

function parse(data: Buffer): { readonly op: number; readonly d?: unknown } | null {
  try {
    const payload = JSON.parse(data.toString('utf8')) as { readonly op?: unknown } | null;
    return typeof payload?.op === 'number' ? (payload as { readonly op: number }) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
