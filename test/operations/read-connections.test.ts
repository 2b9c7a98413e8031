import { describe, expect, it } from 'vitest';
import type { DetailedSession } from '../../src/model/activity.ts';
import { type Observed, seen, unseen } from '../../src/model/observed.ts';
import type { SessionGroup } from '../../src/model/session-group.ts';
import { matchName } from '../../src/operations/match-name.ts';
import { listApplications, readConnections } from '../../src/operations/read-connections.ts';
import { group, NOW } from '../support/builders.ts';
import { detailed, lookedAt } from '../support/looking.ts';
import { createManualClock } from '../support/manual-clock.ts';

function server(options: {
  readonly details?: () => Promise<Observed<readonly DetailedSession[]>>;
  readonly sample?: Observed<readonly SessionGroup[]>;
}) {
  const { details = async () => unseen('no session is held', NOW), sample = unseen('not sampled yet', NOW) } = options;
  return lookedAt({ actions: { readDetails: details }, lastSample: () => sample });
}

const answering = (...sessions: DetailedSession[]) => server({ details: async () => seen(sessions, NOW) });

describe('reading the connections', () => {
  it('lists the clients that fit, counts all clients, and counts the others apart', async () => {
    const database = answering(
      detailed({ pid: 1 }),
      detailed({ pid: 2, state: 'active' }),
      detailed({ pid: 3, user: 'bot' }),
      detailed({ pid: 4, backendType: 'walsender' }),
      detailed({ pid: 5, backendType: 'walsender' }),
    );
    const report = await readConnections(database, { application: 'site', state: 'idle' }, createManualClock());
    expect(report).toMatchObject({
      filter: { application: 'site', state: 'idle' },
      sessions: { ok: true, value: [{ pid: 1, application: 'site' }] },
      groups: { ok: true, value: [{ application: 'site', count: 1 }] },
      total: 3,
      holders: ['site', 'bot'],
      others: [{ backendType: 'walsender', count: 2 }],
    });
  });

  it('falls back on the last sample where the server does not answer, and says from when', async () => {
    const sample = seen([group({ count: 45 }), group({ user: 'bot', count: 2 })], NOW - 20_000);
    const report = await readConnections(server({ sample }), { application: 'site' }, createManualClock());
    expect(report).toMatchObject({
      sessions: { ok: false, reason: 'no session is held' },
      groups: { ok: true, at: NOW - 20_000, value: [{ application: 'site', count: 45 }] },
      total: 47,
    });
  });

  it('waits no longer than a person does', async () => {
    const clock = createManualClock(NOW);
    const sample = seen([group({ count: 45 })], NOW - 5_000);
    const reading = readConnections(server({ details: () => new Promise(() => {}), sample }), {}, clock);
    await clock.advance(4_000);
    const report = await reading;
    expect(report.sessions).toMatchObject({ ok: false, reason: 'no answer within 4 s' });
    expect(report.total).toBe(45);
    expect(clock.sleeping()).toEqual([]);
  });

  it('leaves no timer behind an answer', async () => {
    const clock = createManualClock(NOW);
    await readConnections(answering(), {}, clock);
    expect(clock.sleeping()).toEqual([]);
  });

  it('refuses a state that there is not, and names those that there are', async () => {
    await expect(readConnections(answering(), { state: 'sleeping' }, createManualClock())).rejects.toThrow(
      /No state is called sleeping. There is: active, idle, /,
    );
  });

  it('takes an application that nobody has for an empty list', async () => {
    const report = await readConnections(answering(detailed()), { application: 'gone' }, createManualClock());
    expect(report).toMatchObject({ groups: { value: [] }, total: 1, holders: ['site'] });
  });

  it('suggests configured applications and those that hold connections', () => {
    const sample = seen([group({ user: 'grafana' }), group({ user: 'site' })], NOW);
    const applications = [{ name: 'pinnwand', match: { user: 'pinnwand' } }];
    const databases = [lookedAt({ applications, lastSample: () => sample }), lookedAt({ applications })];
    expect(listApplications(databases).toSorted()).toEqual(['grafana', 'pinnwand', 'site']);
  });
});

describe('a name typed into a form', () => {
  const names = ['idle', 'idle in transaction', 'Site', 'site'];

  it.each([
    ['', null],
    ['  ', null],
    ['idle', 'idle'],
    ['trans', 'idle in transaction'],
    ['site', 'site'],
    ['Site', 'Site'],
  ])('%j means %j', (typed, expected) => {
    expect(matchName('state', typed, names)).toBe(expected);
  });

  it.each([
    ['SITE', /more than one state like SITE: Site, site/],
    ['gone', /no state like gone: idle, idle in transaction/],
  ])('%j is refused with the choices', (typed, expected) => {
    expect(() => matchName('state', typed, names)).toThrow(expected);
  });
});
