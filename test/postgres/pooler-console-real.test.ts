import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import { createPoolerConsole } from '../../src/postgres/pooler-console.ts';
import { actResume, checkResume, verifyResume } from '../../src/recovery/resume-paused.ts';
import type { ManualCommand } from '../../src/recovery/step.ts';
import pausePooler from '../../src/recovery/steps/pause-pooler.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { PGBOUNCER, startPgbouncer } from '../support/pgbouncer.ts';
import { connectClient, runSql, SERVER_KINDS } from '../support/postgres.ts';
import { whyNot } from '../support/programs.ts';

const USERS = { breakwater: 'bot-secret', site: 'site', looker: 'looker' };

describe.skipIf(PGBOUNCER === null)(`with a real PgBouncer (${PGBOUNCER ?? 'none on the PATH: skipped'})`, () => {
  describe.each(SERVER_KINDS)('$label', ({ binaries }) => {
    let server: RunningPostgres;
    beforeAll(async () => {
      const roles = Object.entries(USERS).map(([name, password]) => ({ name, password }));
      server = await startPostgres({ binaries, roles });
      await runSql(server.superuser, 'create table orders (id int)', 'grant all on orders to site');
    });
    afterAll(() => server.close());
    const closers: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const close of closers.splice(0).toReversed()) await close();
    });
    const start = async (more: readonly string[] = []) => {
      const bouncer = await startPgbouncer(PGBOUNCER ?? '', server, USERS, ['stats_users = looker', ...more]);
      closers.push(() => bouncer.close());
      const login = (user: keyof typeof USERS) => ({
        host: '127.0.0.1',
        port: bouncer.port,
        user,
        password: USERS[user],
      });
      const console = (user: keyof typeof USERS = 'breakwater') =>
        createPoolerConsole(login(user), { clock: systemClock, answerMs: 5_000 });
      const open = async (applicationName = 'shop') => {
        const client = await connectClient({ ...login('site'), database: 'postgres', applicationName });
        closers.push(() => client.end());
        return client;
      };
      return { console, open, login };
    };

    it('loses no client and no commit from PAUSE over a restart of PostgreSQL to RESUME', async () => {
      // A login under way that PAUSE cuts off counts as failed: by default the next one is 15 s away, RESUME or not.
      const { console, open } = await start(['pool_mode = transaction', 'server_login_retry = 1']);
      const pooler = console();
      const clients = await Promise.all(Array.from({ length: 8 }, () => open()));
      const errors: unknown[] = [];
      let committed = 0;
      let ends = false;
      const work = async (client: Client) => {
        while (!ends && errors.length === 0) {
          await client.query('insert into orders values (1)').then(
            () => {
              committed += 1;
            },
            (error: unknown) => errors.push(error),
          );
        }
      };
      const working = clients.map(work);
      const more = async (n: number) => {
        const goal = committed + n;
        const seen = () => ({ errors, enough: committed >= goal });
        await expect.poll(seen, { timeout: 10_000 }).toEqual({ errors: [], enough: true });
      };
      await more(50);
      expect(await pooler.pause(10_000)).toEqual({ kind: 'done' });
      expect(await pooler.readPause()).toMatchObject({ ok: true, value: 'paused' });
      await server.restart();
      const newcomer = work(await open('newcomer'));
      expect(await pooler.resume()).toEqual({ kind: 'done' });
      expect(await pooler.resume()).toEqual({ kind: 'done' });
      await more(50);
      ends = true;
      await Promise.all([...working, newcomer]);
      expect(errors).toEqual([]);
      const look = await connectClient(server.superuser);
      expect((await look.query('select count(*)::int as n from orders')).rows).toEqual([{ n: committed }]);
      await look.end();
      await runSql(server.superuser, 'truncate orders');
    });

    it('is resumed from the second console where a client sits in a transaction, and names it; newcomers get in', async () => {
      const { console, open } = await start(['pool_mode = transaction']);
      const holder = await open('holder');
      await holder.query('begin; select 1');
      const change = await console().pause(400);
      expect(change).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(
          /^PgBouncer was not paused within 400 ms, so it was resumed\. 1 client holds it up: site@postgres from 127\.0\.0\.1 \(holder\), PostgreSQL's process \d+\./,
        ),
      });
      const newcomer = await open('newcomer');
      expect((await newcomer.query('select 1')).rowCount).toBe(1);
      await holder.query('commit');
      expect(await console().pause(5_000)).toEqual({ kind: 'done' });
      expect(await console().resume()).toEqual({ kind: 'done' });
    });

    it('takes over the PAUSE that a console left behind when it died', async () => {
      const { console, open, login } = await start();
      const holder = await open('holder');
      await holder.query('select 1');
      const dying = await connectClient({ ...login('breakwater'), database: 'pgbouncer' });
      dying.query('PAUSE').catch(() => {});
      await delay(100);
      await dying.end();
      const waiting = console().pause(10_000);
      await holder.end();
      closers.pop();
      expect(await waiting).toEqual({ kind: 'done' });
      expect(await console().resume()).toEqual({ kind: 'done' });
    });

    it('is resumed after the bot died in the middle of a PAUSE that waits: newcomers hang until then', async () => {
      const { console, open, login } = await start(['pool_mode = transaction']);
      const holder = await open('holder');
      await holder.query('begin; select 1');
      const dying = await connectClient({ ...login('breakwater'), database: 'pgbouncer' });
      dying.query('PAUSE').catch(() => {});
      await delay(100);
      await dying.end();
      const newcomer = await open('newcomer');
      let isIn = false;
      const answered = newcomer.query('select 1').then(() => {
        isIn = true;
      });
      const pooler = console();
      const nextLife = { pooler };
      expect(await checkResume(nextLife)).toMatchObject({ kind: 'ready' });
      await delay(300);
      expect(isIn).toBe(false);
      expect(await actResume(nextLife)).toEqual({ kind: 'done' });
      await answered;
      expect(await verifyResume(nextLife)).toMatchObject({ kind: 'holds' });
      await holder.query('commit');
    });

    it.skipIf(whyNot('psql') !== null)(
      'is paused and resumed by hand, each answer being what its command promises',
      async () => {
        const { open, login } = await start(['pool_mode = transaction']);
        const { host, port, user, password } = login('breakwater');
        const client = await open();
        await client.query('select 1');
        const answers = async (commands: readonly ManualCommand[]): Promise<string[]> => {
          const said: string[] = [];
          for (const { run } of commands) {
            const env = { PATH: process.env['PATH'], PGPASSWORD: password };
            const child = spawn('sh', ['-c', `{ ${run}\n} 2>&1`], { env });
            said.push(await text(child.stdout));
          }
          return said;
        };
        const resuming = pausePooler.undo.manual({ host, port, user });
        expect(await answers(pausePooler.manual({ host, port, user }))).toEqual([
          'PAUSE\n',
          expect.stringContaining('(0 rows)'),
        ]);
        let isIn = false;
        const answered = client.query('select 1').then(() => {
          isIn = true;
        });
        await delay(200);
        expect(isIn).toBe(false);
        expect(await answers(resuming)).toEqual(['RESUME\n', expect.stringContaining('not paused')]);
        await answered;
      },
    );

    it('is refused to one who may only look', async () => {
      const { console } = await start();
      expect(await console('looker').pause(1_000)).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(/admin access needed.*Nothing was paused/),
      });
      expect(await console('looker').resume()).toMatchObject({ kind: 'refused' });
      expect(await console('site').pause(1_000)).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining('PAUSE was not sent'),
      });
    });
  });
});
