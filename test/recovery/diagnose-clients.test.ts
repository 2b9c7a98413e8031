import { describe, expect, it } from 'vitest';
import type { Application } from '../../src/model/application.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { diagnose } from '../../src/recovery/diagnose.ts';
import type { RecoveryFacts } from '../../src/recovery/facts.ts';
import { group, NOW } from '../support/builders.ts';
import { detailedSessions } from '../support/detailed-session.ts';
import { orphanGroup, orphanReport, pod, SITE } from '../support/place-builders.ts';
import { facts, heard, inCluster, recoverySettings, seenWorkload } from '../support/recovery-facts.ts';

const FULL = heard('only-reserved-left', [group({ count: 80 }), group({ user: 'metricity', count: 17 })]);
const site = (parts: Partial<Application>) =>
  recoverySettings({ applications: [{ name: 'site', match: { user: 'site' }, limit: 32, ...parts }] });
const WITHOUT_WORKLOAD = site({ workload: undefined });
const role = (parts: object) => seen([{ role: 'site', limit: -1, superuser: false, alterable: true, ...parts }], NOW);

function advise(parts: Partial<RecoveryFacts>) {
  const { advice, reasons, condition, headline } = diagnose(facts(parts));
  const told = advice.kind === 'recover' ? `${advice.strategy} ${advice.target}` : advice.kind;
  return { told, why: reasons.join(' '), condition, headline };
}

describe('a full server', () => {
  it('restarts the application that leaks, and says why neither less nor more', () => {
    const { told, why, condition } = advise({ snapshot: FULL });
    expect([told, condition]).toEqual(['restart-application site', 'leaking-application']);
    expect(why).toMatch(
      /Not `kill-stale`: no stale sessions are known; 10 would have to go.*a limit alone .*Not `restart`/,
    );
  });

  it('ends stale sessions first where they are enough', () => {
    expect(advise({ snapshot: FULL, sessions: seen(detailedSessions(10), NOW) }).told).toBe('kill-stale null');
    expect(advise({ snapshot: FULL, sessions: seen(detailedSessions(9), NOW) }).told).toBe('restart-application site');
  });

  it('says which kind of stale sessions it is', () => {
    const idle = { state: 'idle in transaction', transactionMs: 400_000, stateMs: 400_000 } as const;
    const { told, why } = advise({ snapshot: FULL, sessions: seen(detailedSessions(12, idle), NOW) });
    expect(told).toBe('kill-stale null');
    expect(why).toMatch(
      /12 sessions idle in transaction for 5 min or longer; 10 fewer are enough.*kind `idle-in-transaction`/,
    );
  });

  it('counts no session that kill-stale would spare', () => {
    const dump = detailedSessions(30, { applicationName: 'pg_dump' });
    const superusers = detailedSessions(30, { pid: 5_000, superuser: true });
    expect(advise({ snapshot: FULL, sessions: seen([...dump, ...superusers], NOW) }).told).toBe(
      'restart-application site',
    );
    const pooled = recoverySettings({ pgbouncer: { host: 'pgbouncer', port: 6432, user: 'breakwater' } });
    const { told } = advise({ snapshot: FULL, settings: pooled, sessions: seen(detailedSessions(30), NOW) });
    expect(told).toBe('restart-application site');
  });

  it.each([
    ['is unknown', { settings: WITHOUT_WORKLOAD }, /site has no `workload` in the configuration/],
    [
      'cannot be seen',
      { applicationWorkloads: [{ reference: SITE, workload: unseen('403', NOW) }] },
      /is unknown: 403/,
    ],
    ['was not looked at', { applicationWorkloads: [] }, /was not looked at/],
    ['does not exist', { applicationWorkloads: [{ reference: SITE, workload: seen(null, NOW) }] }, /does not exist/],
    ['is scaled to 0', { applicationWorkloads: [seenWorkload(SITE, { desired: 0 })] }, /scaled to 0 already/],
  ])('caps the application whose workload %s', (_, parts, words) => {
    const { told, why } = advise({ snapshot: FULL, ...parts });
    expect(told).toBe('cap-application site');
    expect(why).toMatch(words);
  });

  it.each([
    ['is a superuser', { roles: role({ superuser: true }) }, /superusers ignore a CONNECTION LIMIT/],
    ['is unknown to the server', { roles: seen([], NOW) }, /has no role site/],
    ['cannot be read', { roles: unseen('no answer', NOW) }, /limit of the role site is unknown: no answer/],
    [
      'is not configured',
      { settings: site({ workload: undefined, match: { database: 'site' } }) },
      /No role is known for site/,
    ],
  ])('asks people where the workload is unknown and the role %s', (_, parts, words) => {
    const snapshot = heard('only-reserved-left', [group({ count: 97 })]);
    const { told, why } = advise({ snapshot, settings: WITHOUT_WORKLOAD, ...parts });
    expect(told).toBe('by-hand');
    expect(why).toMatch(words);
  });

  it('says that the SQL is shown where the bot may not alter the role', () => {
    const { why } = advise({ snapshot: FULL, settings: WITHOUT_WORKLOAD, roles: role({ alterable: false }) });
    expect(why).toContain('may not alter the role site: it shows the SQL');
  });

  it('never names the bot, nor who is not logged in, as the one that leaks', () => {
    const groups = [group({ user: 'breakwater', own: true, count: 60 }), group({ user: null, count: 37 })];
    const { told, why } = advise({ snapshot: heard('completely-full', groups) });
    expect(told).toBe('by-hand');
    expect(why).toContain('No application stands out');
  });

  it('that nobody can count is restarted, for want of anything gentler that could be aimed', () => {
    const { told, why, headline } = advise({ snapshot: heard('completely-full', null) });
    expect(told).toBe('restart null');
    expect(headline).toContain('who holds the connections cannot be seen');
    expect(why).toMatch(/Nobody can be counted: no answer within 4 s.*If you know the application/);
  });

  it('of half-authenticated clients restarts the application that knocks', () => {
    const settings = recoverySettings({
      applications: [
        { name: 'site', match: { user: 'site' }, workload: 'default/deployment/site' },
        { name: 'bot', match: { user: 'bot' }, workload: 'default/deployment/bot' },
      ],
    });
    const bot = { namespace: 'default', kind: 'deployment', name: 'bot' };
    const groups = [group({ count: 40 }), group({ user: null, state: 'starting', address: '10.2.0.9', count: 57 })];
    const { told, why } = advise({
      settings,
      snapshot: heard('half-authenticated', groups),
      cluster: inCluster([pod('postgres'), pod('bot', { addresses: ['10.2.0.9'] })]),
      applicationWorkloads: [seenWorkload(SITE), seenWorkload(bot)],
      sessions: seen(detailedSessions(40), NOW),
    });
    expect(told).toBe('restart-application bot');
    expect(why).toMatch(/Not `kill-stale`: freed slots are taken.*Not `cap-application`/);
  });
});

describe('a server with room', () => {
  it('has a leak where one application is far over its limit', () => {
    const { told, headline, why } = advise({ snapshot: heard('admitted', [group({ count: 40 })]) });
    expect(told).toBe('restart-application site');
    expect(headline).toBe(
      'site holds 40 connections, its limit is 32; 40 of 97 usable connections are in use (max 100)',
    );
    expect(why).toContain('40 of its 40 sessions are idle');
  });

  it('has none where it is a little over', () => {
    expect(advise({ snapshot: heard('admitted', [group({ count: 39 })]) }).condition).toBe('healthy');
  });

  it('has a leak where one application without a limit holds most of what is nearly full', () => {
    const groups = (count: number) => [group({ user: 'x', count }), group({ count: 30 })];
    expect(advise({ snapshot: heard('admitted', groups(60)) }).condition).toBe('leaking-application');
    expect(advise({ snapshot: heard('admitted', groups(40)) }).condition).toBe('healthy');
  });

  it('ends the stale sessions of the one that leaks, where that brings it below its limit', () => {
    const orphans = seen(orphanReport([orphanGroup({ count: 9 })]), NOW);
    expect(advise({ snapshot: heard('admitted', [group({ count: 40 })]), orphans }).told).toBe('kill-stale site');
    const others = seen(orphanReport([orphanGroup({ count: 9, applications: [{ name: 'x', count: 9 }] })]), NOW);
    expect(advise({ snapshot: heard('admitted', [group({ count: 40 })]), orphans: others }).told).toBe(
      'restart-application site',
    );
  });

  it.each([
    ['a forecast of more than ten minutes', 60, 11 * 60_000],
    ['a rise below half of what is usable', 48, 60_000],
  ])('is not filling by %s', (_, count, inMs) => {
    const groups = [group({ count: 30 }), group({ user: 'x', count: count - 30 })];
    expect(
      advise({ snapshot: heard('admitted', groups), forecast: { kind: 'exhausts', inMs, perMinute: 3 } }).condition,
    ).toBe('healthy');
  });
});
