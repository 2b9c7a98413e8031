import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { readPoolerPids } from '../../src/postgres/read-pooler-pids.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { connectActions } from '../support/database-actions.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { sharedPostgres } from '../support/postgres.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** As PgBouncer's console: lets anybody in, and answers a simple query (`Q`) with these rows, anything else with an end. */
async function startConsole(columns: readonly string[], rows: readonly (readonly string[])[] | null) {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (startup) => {
      asked.push(startup.toString('latin1').replaceAll('\0', ' '));
      socket.write(Buffer.concat([message('R', int32(0)), message('Z', Buffer.from('I'))]));
      socket.on('data', (data) => {
        if (data[0] === 'X'.charCodeAt(0)) return;
        asked.push(data.toString('latin1', 5).replace(/\0$/, ''));
        if (data[0] !== 'Q'.charCodeAt(0)) socket.destroy();
        else if (rows !== null) socket.write(answer(columns, rows));
      });
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { asked, login: { host: '127.0.0.1', port, user: 'breakwater' } };
}

const TEXT_OID = 25;

function answer(columns: readonly string[], rows: readonly (readonly string[])[]): Buffer {
  const described = columns.flatMap((name) => [
    Buffer.from(`${name}\0`),
    Buffer.concat([int32(0), int16(0), int32(TEXT_OID), int16(-1), int32(-1), int16(0)]),
  ]);
  const data = rows.map((row) => {
    const values = row.flatMap((value) => [int32(value.length), Buffer.from(value)]);
    return message('D', Buffer.concat([int16(row.length), ...values]));
  });
  return Buffer.concat([
    message('T', Buffer.concat([int16(columns.length), ...described])),
    ...data,
    message('C', Buffer.from('SHOW\0')),
    message('Z', Buffer.from('I')),
  ]);
}

const message = (type: string, body: Buffer) => Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
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

const WITHIN = { clock: systemClock, deadlineMs: 5_000 };

it('asks the console in a simple query, and takes the pids of made connections', async () => {
  const { asked, login } = await startConsole(
    ['type', 'remote_pid'],
    [
      ['S', '4711'],
      ['S', '4712'],
      ['S', '0'],
    ],
  );
  expect(await readPoolerPids(login, WITHIN)).toEqual({ ok: true, value: new Set([4711, 4712]) });
  expect(asked[0]).toContain('database pgbouncer');
  expect(asked.slice(1)).toEqual(['SHOW SERVERS']);
});

it('is none while the pooler holds none', async () => {
  const { login } = await startConsole(['type', 'remote_pid'], []);
  expect(await readPoolerPids(login, WITHIN)).toEqual({ ok: true, value: new Set() });
});

it('does not know, rather than none, what a console in another form means', async () => {
  const { login } = await startConsole(['type', 'pid'], [['S', '4711']]);
  expect(await readPoolerPids(login, WITHIN)).toEqual({
    ok: false,
    reason: "PgBouncer's console: the server answered in an unexpected form: remote_pid",
  });
});

it('gives up a console that says nothing', async () => {
  const { asked, login } = await startConsole([], null);
  const clock = createMovableClock();
  const read = readPoolerPids(login, { clock, deadlineMs: 5_000 });
  await expect.poll(() => asked).toHaveLength(2);
  clock.skip(5_000);
  expect(await read).toMatchObject({ ok: false, reason: expect.stringContaining('no answer within') });
  expect(clock.sleepers).toBe(0);
});

it('says that nothing listens there', async () => {
  expect(await readPoolerPids({ host: '127.0.0.1', port: 1, user: 'breakwater' }, WITHIN)).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/^PgBouncer's console: cannot connect: nothing listens there/),
  });
});

it('is an empty set where no pooler is configured', async () => {
  const server = await sharedPostgres();
  const actions = await connectActions(server);
  expect(await actions.readPoolerPids()).toMatchObject({ ok: true, value: new Set() });
  await actions.close();
});
