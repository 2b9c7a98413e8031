import { describe, expect, it } from 'vitest';
import type { DetailedSession } from '../../src/model/activity.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { StaleContext } from '../../src/model/stale-criteria.ts';
import { decideStaleness, findYoung } from '../../src/model/staleness.ts';
import { reportOrphans } from '../../src/model/summarise-orphans.ts';
import { NOW } from '../support/builders.ts';
import { clusterLook, pod, vanishedPod } from '../support/cluster-look.ts';
import { detailedSession, detailedSessions } from '../support/detailed-session.ts';

const MINUTE = 60_000;
const CONTEXT: StaleContext = {
  applications: [{ name: 'site', match: { user: 'site' } }],
  protect: ['pg_dump'],
  poolerPids: seen(new Set([99]), NOW),
  cluster: clusterLook(),
  sessionsAt: NOW,
};
const startedAgo = (ms: number) => ({
  ageMs: ms,
  backendStart: new Date(NOW - ms).toISOString().replace('T', ' ').replace('Z', '000+00'),
});

function judge(parts: Partial<DetailedSession>, olderThanMs = MINUTE, context = CONTEXT) {
  const [judged] = decideStaleness(
    [detailedSession(parts)],
    { kind: 'orphaned', olderThanMs, application: null },
    context,
  );
  return judged?.verdict;
}

describe('an orphaned session', () => {
  it.each<[string, Partial<DetailedSession>]>([
    ['idles', {}],
    ['has come into its state just now', { stateMs: 0 }],
    ['is idle in transaction', { state: 'idle in transaction' }],
    ['is in an aborted transaction', { state: 'idle in transaction (aborted)' }],
    ['waits for what its client sends', { state: 'active', stateMs: MINUTE, waitEvent: 'ClientRead' }],
    ['waits for its client to take what it has', { state: 'active', stateMs: MINUTE, waitEvent: 'ClientWrite' }],
  ])('that %s is selected', (_, parts) => {
    expect(judge(parts)).toEqual({ kind: 'selected' });
  });

  it.each<[string, string, Partial<DetailedSession>]>([
    ['active', 'active', { state: 'active', waitEventType: null, waitEvent: null }],
    ['active', 'active', { state: 'active', waitEventType: 'Lock', waitEvent: 'relation' }],
    ['active', 'active', { state: 'active', waitEventType: 'Client', waitEvent: 'WalSenderMain' }],
    ['active', 'active', { state: 'active', waitEventType: 'IO', waitEvent: 'ClientRead' }],
    ['young', 'active for 59 s only', { state: 'active', stateMs: 59_000 }],
    ['young', 'connected for 59 s only', startedAgo(59_000)],
    ['state', 'starting', { state: 'starting' }],
    ['state', 'other', { state: 'other' }],
    ['own', "Breakwater's own", { own: true }],
    ['superuser', "a superuser's", { superuser: true }],
    ['protected', 'protected by application_name pg_dump', { applicationName: 'pg_dump' }],
    ['pooler', 'held by a pooler', { pid: 99 }],
    ['backend', 'not a client backend: walsender', { backendType: 'walsender' }],
    ['unknown', 'its role is unknown', { superuser: null }],
    ['unknown', 'its age is unknown', { stateMs: null }],
    ['unknown', 'its address cannot be read: odd', { address: 'odd' }],
    ['live', 'of pod site-7a-x2x4z of revision 42', { address: '10.2.0.6' }],
    ['elsewhere', '10.9.0.5 is in none of the pod networks', { address: '10.9.0.5' }],
    ['elsewhere', 'over a local socket', { address: null }],
  ])('is spared as %s: %s', (reason, words, parts) => {
    expect(judge(parts)).toEqual({ kind: 'spared', reason, words });
  });

  it('is spared as reused where a younger pod has its address', () => {
    const cluster = clusterLook({ pods: [pod({ addresses: ['10.2.0.5'], startedAt: NOW - MINUTE })] });
    expect(judge({}, MINUTE, { ...CONTEXT, cluster })).toMatchObject({ kind: 'spared', reason: 'reused' });
  });

  it('is spared where the pods are not seen', () => {
    const cluster = clusterLook({}, { state: unseen('refused', NOW) });
    expect(judge({}, MINUTE, { ...CONTEXT, cluster })).toMatchObject({ kind: 'spared', reason: 'unknown' });
  });

  it('is never younger than a minute, whatever age is asked for', () => {
    expect(judge(startedAgo(59_000), 1_000)).toMatchObject({ reason: 'young' });
    expect(judge({ state: 'active', stateMs: 59_000 }, 1_000)).toMatchObject({ reason: 'young' });
  });

  it('is as old as was asked for, by its start', () => {
    const hour = 60 * MINUTE;
    expect(judge({ ...startedAgo(hour - MINUTE), stateMs: hour }, hour)).toMatchObject({
      words: 'connected for 59 min only',
    });
    expect(judge({ ...startedAgo(hour), stateMs: 0 }, hour)).toEqual({ kind: 'selected' });
  });

  it('that is only too young to be told counts as none that an older one would select', () => {
    const criteria = { kind: 'orphaned', olderThanMs: 120 * MINUTE + 1, application: null } as const;
    const sessions = [detailedSession(), detailedSession({ pid: 1, ...startedAgo(59_000) })];
    expect(findYoung(decideStaleness(sessions, criteria, CONTEXT), 'orphaned')).toEqual({
      count: 1,
      longestMs: 120 * MINUTE,
    });
  });
});

it('the other kinds do not ask whose a session is', () => {
  const [judged] = decideStaleness(
    [detailedSession({ address: '10.2.0.6' })],
    { kind: 'idle', olderThanMs: MINUTE, application: null },
    CONTEXT,
  );
  expect(judged).toMatchObject({ ownership: null, verdict: { kind: 'selected' } });
});

describe('the report on orphans', () => {
  it('counts by pod and application, the largest first, with what is in doubt', () => {
    const sessions = [
      ...detailedSessions(3, { pid: 100, address: '10.2.0.8', ageMs: 7_201_000 }),
      ...detailedSessions(24),
      ...detailedSessions(2, { pid: 200, user: 'metabase' }),
      ...detailedSessions(4, { pid: 300, address: 'odd' }),
      ...detailedSessions(5, { pid: 400, address: '10.2.0.9' }),
      ...detailedSessions(6, { pid: 500, address: '10.2.0.6' }),
    ];
    const young = pod({ name: 'young', addresses: ['10.2.0.9'], startedAt: NOW - MINUTE });
    const cluster = clusterLook({ pods: [pod(), young] });
    expect(reportOrphans(sessions, { ...CONTEXT, cluster })).toEqual({
      groups: [
        {
          address: '10.2.0.5',
          pod: vanishedPod(),
          applications: [
            { name: 'site', count: 24 },
            { name: 'metabase', count: 2 },
          ],
          count: 26,
          oldestMs: 7_200_000,
        },
        { address: '10.2.0.8', pod: null, applications: [{ name: 'site', count: 3 }], count: 3, oldestMs: 7_201_000 },
      ],
      count: 29,
      unknown: 4,
      reused: 5,
      watchedSince: NOW - 60 * MINUTE,
    });
  });

  it('knows of nobody without a cluster', () => {
    expect(reportOrphans(detailedSessions(3), { ...CONTEXT, cluster: null })).toMatchObject({ groups: [], count: 0 });
  });
});
