import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { Admission } from '../../src/model/admission.ts';
import { probeAdmission } from '../../src/postgres/probe-admission.ts';
import { systemClock } from '../../src/time/system-clock.ts';

/** What listens here is no PostgreSQL. */
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});
async function listen(answer: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {}); // The probe hangs up in the middle of a word.
    answer(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}
function probe(port: number, host = '127.0.0.1', deadlineMs = 5_000): Promise<Admission> {
  const connection = { host, port, user: 'canary', password: 'hunter2-secret', database: 'postgres' };
  return probeAdmission(connection, { clock: systemClock, deadlineMs });
}

/** A PostgreSQL message: type, length, body. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
const ASK_FOR_PASSWORD = message('R', Buffer.from([0, 0, 0, 3]));
const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);

it('calls a port that accepts and says nothing frozen', async () => {
  const port = await listen(() => {});
  expect(await probe(port, undefined, 200)).toMatchObject({ verdict: 'frozen', serverSaid: null });
});

it('calls a server frozen that lets it in and then says nothing', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.write(WELCOME)));
  expect((await probe(port, undefined, 200)).verdict).toBe('frozen');
});

it('calls a port unreachable that hangs up without a word', async () => {
  const port = await listen((socket) => socket.end());
  expect((await probe(port)).verdict).toBe('unreachable');
});

it('calls a name unreachable that does not exist', async () => {
  expect((await probe(5432, 'no-such-host.invalid', 2_000)).verdict).toBe('unreachable');
});

it('survives a server that speaks another protocol', async () => {
  const port = await listen((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect((await probe(port, undefined, 200)).verdict).not.toBe('admitted');
});

it('never repeats the password, though the server asks for it in clear and says it back', async () => {
  const port = await listen((socket) => {
    socket.once('data', () => socket.write(ASK_FOR_PASSWORD));
    socket.once('data', () => {
      socket.once('data', (sent: Buffer) => {
        const password = sent.subarray(5, -1).toString();
        const fields = `SFATAL\0VFATAL\0CXX000\0Mgot ${password}\u0007\u001B[2J${'x'.repeat(1000)}\0D${password}\0\0`;
        socket.end(message('E', Buffer.from(fields)));
      });
    });
  });
  const { verdict, serverSaid } = await probe(port);
  expect(verdict).toBe('unrecognised');
  expect(serverSaid).toMatch(/^got \[password\] \[2Jx+$/);
  expect(serverSaid).toHaveLength(300);
});
