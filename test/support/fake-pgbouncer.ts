import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** PgBouncer's console in words and moods: what a real one cannot be brought to do on demand. Plays by the wire protocol. */
export interface FakePgbouncer {
  readonly login: { readonly host: string; readonly port: number; readonly user: string };
  /** As in `1 PAUSE`: which connection asked what, counted from 1. */
  readonly asked: string[];
  /** Whether PAUSE has been said and not RESUME. */
  paused: boolean;
  /** The client pointers whose connection to PostgreSQL is in use: while there is one, PAUSE waits. */
  readonly holders: Set<string>;
  /** Those that it never answers. */
  readonly mute: Set<string>;
  /** What it answers with an error, and which. */
  readonly errors: Map<string, string>;
  /** From 1.18 back there is no SHOW STATE. */
  tellsState: boolean;
  /** Hangs up on this command, which it has heard or has not; once. */
  hangUpOn: { readonly command: string; readonly heard: boolean } | null;
  /** Refuses newcomers after so many. */
  admits: number;
  /** Ends a client's transaction: its connection is released, and a PAUSE that waits for it is done. */
  release(pointer: string): void;
  close(): Promise<void>;
}

export async function startFakePgbouncer(): Promise<FakePgbouncer> {
  const sockets = new Set<Socket>();
  const waiting = new Set<Socket>();
  let connections = 0;

  const settlePauses = () => {
    if (!fake.paused || fake.holders.size > 0) return;
    for (const socket of waiting) socket.write(complete('PAUSE'));
    waiting.clear();
  };
  const show = (what: string): Buffer | null => {
    const held = [...fake.holders].map((pointer, index) => [`0xa${pointer}`, pointer, String(4_700 + index)]);
    if (what === 'SERVERS') return table(['ptr', 'link', 'remote_pid'], held);
    if (what === 'CLIENTS') {
      const columns = ['ptr', 'user', 'database', 'addr', 'application_name'];
      return table(
        columns,
        [...fake.holders].map((pointer) => [pointer, 'site', 'postgres', '10.2.0.5', 'shop']),
      );
    }
    if (what !== 'STATE' || !fake.tellsState) return null;
    return table(
      ['key', 'value'],
      [
        ['active', fake.paused ? 'no' : 'yes'],
        ['paused', fake.paused ? 'yes' : 'no'],
      ],
    );
  };
  const answer = (socket: Socket, command: string): Buffer | null => {
    const error = fake.errors.get(command);
    if (error !== undefined) return failure(error);
    if (command.startsWith('SHOW ')) return show(command.slice(5)) ?? failure(`invalid command '${command}'`);
    if (command === 'PAUSE') {
      if (fake.paused) return failure('already suspended/paused');
      fake.paused = true;
      waiting.add(socket);
      settlePauses();
      return null;
    }
    if (command !== 'RESUME') return failure('no such command');
    if (!fake.paused) return failure('pooler is not paused/suspended');
    fake.paused = false;
    return complete('RESUME');
  };
  const server = createServer((socket) => {
    connections += 1;
    const number = connections;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      socket.write(number > fake.admits ? failure('no more connections allowed', 'FATAL') : WELCOME);
      socket.on('data', (data) => {
        if (data[0] === 'X'.charCodeAt(0)) return;
        const simple = data[0] === 'Q'.charCodeAt(0);
        const command = data.toString('latin1', 5).replace(/\0$/, '');
        fake.asked.push(`${number} ${command}`);
        if (fake.hangUpOn?.command === command) {
          if (fake.hangUpOn.heard) answer(socket, command);
          fake.hangUpOn = null;
          waiting.delete(socket);
          socket.destroy();
          return;
        }
        if (fake.mute.has(command)) return;
        const words = simple ? answer(socket, command) : failure('unsupported pkt type: 80', 'FATAL');
        if (words !== null) socket.write(words);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const fake: FakePgbouncer = {
    login: { host: '127.0.0.1', port, user: 'breakwater' },
    asked: [],
    paused: false,
    holders: new Set(),
    mute: new Set(),
    errors: new Map(),
    tellsState: true,
    hangUpOn: null,
    admits: Number.POSITIVE_INFINITY,
    release: (pointer) => {
      fake.holders.delete(pointer);
      settlePauses();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

const TEXT_OID = 25;

function table(columns: readonly string[], rows: readonly (readonly string[])[]): Buffer {
  const described = columns.flatMap((name) => [
    Buffer.from(`${name}\0`),
    Buffer.concat([int32(0), int16(0), int32(TEXT_OID), int16(-1), int32(-1), int16(0)]),
  ]);
  const data = rows.map((row) => {
    const values = row.flatMap((value) => [int32(Buffer.byteLength(value)), Buffer.from(value)]);
    return message('D', Buffer.concat([int16(row.length), ...values]));
  });
  return Buffer.concat([message('T', Buffer.concat([int16(columns.length), ...described])), ...data, complete('SHOW')]);
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function complete(tag: string): Buffer {
  return Buffer.concat([message('C', Buffer.from(`${tag}\0`)), message('Z', Buffer.from('I'))]);
}

/** As 1.18 answers: the same code for everything. */
function failure(words: string, severity = 'ERROR'): Buffer {
  const error = message('E', Buffer.from(`S${severity}\0C08P01\0M${words}\0\0`));
  return severity === 'ERROR' ? Buffer.concat([error, message('Z', Buffer.from('I'))]) : error;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

const WELCOME = Buffer.concat([message('R', int32(0)), message('Z', Buffer.from('I'))]);
