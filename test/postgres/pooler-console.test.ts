import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PoolerConsole } from '../../src/model/database-recovery.ts';
import { createPoolerConsole } from '../../src/postgres/pooler-console.ts';
import { type FakePgbouncer, startFakePgbouncer } from '../support/fake-pgbouncer.ts';
import { createMovableClock, type MovableClock } from '../support/movable-clock.ts';

const WITHIN_MS = 60_000;
const ANSWER_MS = 30_000;

let pgbouncer: FakePgbouncer;
let clock: MovableClock;
let console: PoolerConsole;
beforeEach(async () => {
  pgbouncer = await startFakePgbouncer();
  clock = createMovableClock();
  console = createPoolerConsole(pgbouncer.login, { clock, answerMs: ANSWER_MS });
});
afterEach(async () => {
  expect(clock.sleepers).toBe(0);
  await pgbouncer.close();
});

const untilAsked = (command: string, times = 1) =>
  expect.poll(() => pgbouncer.asked.filter((line) => line.endsWith(` ${command}`))).toHaveLength(times);
/** Which connections asked this, as in `1`. */
const askers = (command: string) =>
  pgbouncer.asked.filter((line) => line.endsWith(` ${command}`)).map((line) => line.split(' ')[0]);

describe('pause', () => {
  it('is done when every server connection is released', async () => {
    pgbouncer.holders.add('c1');
    const change = console.pause(WITHIN_MS);
    await untilAsked('PAUSE');
    pgbouncer.release('c1');
    expect(await change).toEqual({ kind: 'done' });
    expect(pgbouncer.paused).toBe(true);
    expect(askers('RESUME')).toEqual([]);
  });

  it('is resumed at its deadline, from the console that was open before it, and says who holds it up', async () => {
    pgbouncer.holders.add('c1').add('c2');
    const change = console.pause(WITHIN_MS);
    await untilAsked('PAUSE');
    const [pauser] = askers('PAUSE');
    const standby = askers('SHOW SERVERS');
    clock.skip(WITHIN_MS);
    await untilAsked('RESUME');
    expect(askers('RESUME')).toEqual(standby);
    expect(standby).not.toContain(pauser);
    expect(await change).toEqual({
      kind: 'refused',
      reason:
        "PgBouncer was not paused within 1 min, so it was resumed. 2 clients hold it up: site@postgres from 10.2.0.5 (shop), PostgreSQL's process 4700; " +
        "site@postgres from 10.2.0.5 (shop), PostgreSQL's process 4701. End its transaction (with session pooling: its connection), and try again.",
    });
    expect(pgbouncer.paused).toBe(false);
  });

  it('is no more than the deadline away from RESUME, though nobody can say who holds it up', async () => {
    pgbouncer.holders.add('c1');
    pgbouncer.mute.add('SHOW CLIENTS');
    const change = console.pause(WITHIN_MS);
    await untilAsked('PAUSE');
    clock.skip(WITHIN_MS);
    await untilAsked('SHOW CLIENTS');
    expect(pgbouncer.paused).toBe(false);
    clock.skip(ANSWER_MS);
    expect(await change).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining("PostgreSQL's process 4700"),
    });
  });

  it('is not begun while the second console does not answer', async () => {
    pgbouncer.mute.add('SHOW SERVERS');
    const change = console.pause(WITHIN_MS);
    await untilAsked('SHOW SERVERS');
    clock.skip(ANSWER_MS);
    expect(await change).toMatchObject({ kind: 'refused', reason: expect.stringContaining('PAUSE was not sent') });
    expect(askers('PAUSE')).toEqual([]);
  });

  it.each([0, 1])('is not begun where only %d can be had', async (admits) => {
    pgbouncer.admits = admits;
    expect(await console.pause(WITHIN_MS)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/cannot connect: completely full.*PAUSE was not sent$/),
    });
    expect(pgbouncer.asked).toEqual([]);
  });

  it('is refused where the pooler says no, and nothing is resumed', async () => {
    pgbouncer.errors.set('PAUSE', 'admin access needed');
    expect(await console.pause(WITHIN_MS)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/admin access needed\. Nothing was paused$/),
    });
    expect(askers('RESUME')).toEqual([]);
  });

  it('is taken back where its console breaks: it goes on without it', async () => {
    pgbouncer.holders.add('c1');
    pgbouncer.hangUpOn = { command: 'PAUSE', heard: true };
    expect(await console.pause(WITHIN_MS)).toMatchObject({ kind: 'refused' });
    expect(pgbouncer.paused).toBe(false);
  });

  it('is taken back through a third console where the second one breaks', async () => {
    pgbouncer.holders.add('c1');
    pgbouncer.hangUpOn = { command: 'RESUME', heard: false };
    const change = console.pause(WITHIN_MS);
    await untilAsked('PAUSE');
    clock.skip(WITHIN_MS);
    expect(await change).toMatchObject({ kind: 'refused' });
    expect(askers('RESUME')).toHaveLength(2);
    expect(pgbouncer.paused).toBe(false);
  });

  it('is unknown where RESUME is never answered: clients may be waiting', async () => {
    pgbouncer.holders.add('c1');
    pgbouncer.mute.add('RESUME');
    const change = console.pause(WITHIN_MS);
    await untilAsked('PAUSE');
    clock.skip(WITHIN_MS);
    await untilAsked('RESUME');
    clock.skip(ANSWER_MS);
    await untilAsked('RESUME', 2);
    clock.skip(ANSWER_MS);
    expect(await change).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('run RESUME on its console'),
    });
  });

  describe('where somebody had said PAUSE before', () => {
    it('is done once that is', async () => {
      pgbouncer.paused = true;
      pgbouncer.holders.add('c1');
      const change = console.pause(WITHIN_MS);
      await untilAsked('SHOW SERVERS', 2);
      pgbouncer.release('c1');
      clock.skip(1_000);
      expect(await change).toEqual({ kind: 'done' });
      expect(askers('RESUME')).toEqual([]);
    });

    it('is resumed at the deadline as well', async () => {
      pgbouncer.paused = true;
      pgbouncer.holders.add('c1');
      const change = console.pause(WITHIN_MS);
      await untilAsked('SHOW SERVERS', 2);
      clock.skip(WITHIN_MS);
      expect(await change).toMatchObject({ kind: 'refused', reason: expect.stringContaining('1 client holds it up') });
      expect(pgbouncer.paused).toBe(false);
    });

    it('is not done where it is suspended, not paused', async () => {
      pgbouncer.errors.set('PAUSE', 'already suspended/paused');
      expect(await console.pause(WITHIN_MS)).toMatchObject({ kind: 'refused' });
    });
  });
});

describe('resume', () => {
  it('lets clients go on, and is done as well where nothing is paused', async () => {
    pgbouncer.paused = true;
    expect(await console.resume()).toEqual({ kind: 'done' });
    expect(pgbouncer.paused).toBe(false);
    expect(await console.resume()).toEqual({ kind: 'done' });
  });

  it('is unknown where no answer comes', async () => {
    pgbouncer.mute.add('RESUME');
    const change = console.resume();
    await untilAsked('RESUME');
    clock.skip(ANSWER_MS);
    expect(await change).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    ['the user is no admin', () => pgbouncer.errors.set('RESUME', 'admin access needed')],
    [
      'nobody is let in',
      () => {
        pgbouncer.admits = 0;
      },
    ],
  ])('is refused where %s', async (_case, make) => {
    make();
    expect(await console.resume()).toMatchObject({ kind: 'refused' });
  });
});

describe('readPause', () => {
  const UNTOLD = { ok: false, reason: expect.stringContaining('no SHOW STATE') };

  it.each([
    ['not paused', { paused: false, holder: false, tellsState: true }, { value: 'running' }],
    ['not paused, in use', { paused: false, holder: true, tellsState: true }, { value: 'running' }],
    ['paused, with nothing left', { paused: true, holder: false, tellsState: true }, { value: 'paused' }],
    // What another life said may still wait, and keep newcomers out: it is not to be taken for running.
    ['paused, but waiting for a client', { paused: true, holder: true, tellsState: true }, { value: 'pausing' }],
    ['an old one, in use', { paused: false, holder: true, tellsState: false }, UNTOLD],
    ['an old one, not in use', { paused: true, holder: false, tellsState: false }, UNTOLD],
  ])('%s', async (_case, { paused, holder, tellsState }, expected) => {
    Object.assign(pgbouncer, { paused, tellsState });
    if (holder) pgbouncer.holders.add('c1');
    expect(await console.readPause()).toMatchObject(expected);
  });

  it('takes the last word that an old pooler has heard from here, and knows of a resume by others once it is in use', async () => {
    pgbouncer.tellsState = false;
    await console.pause(WITHIN_MS);
    expect(await console.readPause()).toMatchObject({ ok: true, value: 'paused' });
    pgbouncer.holders.add('c1');
    expect(await console.readPause()).toMatchObject({ ok: true, value: 'running' });
    await console.resume();
    expect(await console.readPause()).toMatchObject({ ok: true, value: 'running' });
    pgbouncer.holders.clear();
    expect(await console.readPause()).toMatchObject({ ok: true, value: 'running' });
  });

  it('does not take an old pooler for running by a word from before a pause that is not through', async () => {
    pgbouncer.tellsState = false;
    await console.resume();
    pgbouncer.holders.add('c1');
    pgbouncer.hangUpOn = { command: 'PAUSE', heard: true };
    pgbouncer.mute.add('RESUME');
    const change = console.pause(WITHIN_MS);
    await untilAsked('RESUME', 2);
    clock.skip(ANSWER_MS);
    await untilAsked('RESUME', 3);
    clock.skip(ANSWER_MS);
    expect(await change).toMatchObject({ kind: 'unknown' });
    expect(await console.readPause()).toMatchObject(UNTOLD);
  });

  it('says why it cannot be told', async () => {
    pgbouncer.admits = 0;
    expect(await console.readPause()).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^PgBouncer's console: cannot connect/),
    });
  });
});
