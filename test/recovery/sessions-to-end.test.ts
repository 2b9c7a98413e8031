import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DetailedSession } from '../../src/model/activity.ts';
import { nameApplication } from '../../src/model/application.ts';
import { isTerminal } from '../../src/model/cluster.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { SESSION_STATES } from '../../src/model/session-group.ts';
import { END_KINDS, judgeShown, readShown } from '../../src/recovery/sessions-to-end.ts';
import { NOW } from '../support/builders.ts';
import { detailedSession } from '../support/detailed-session.ts';
import { clusterState, pod } from '../support/place-builders.ts';

const APPLICATIONS = [
  { name: 'worker', match: { user: 'site', applicationName: 'worker' } },
  { name: 'site', match: { user: 'site' } },
];
const ADDRESSES = ['10.2.0.1', '10.2.0.2', '10.2.0.3'];

/** What may be ended, but for one thing or another: each guard is met alone. */
const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

/** Few values of each, so that they meet. */
const sessions: fc.Arbitrary<readonly DetailedSession[]> = fc.uniqueArray(
  fc
    .record({
      pid: fc.integer({ min: 1, max: 12 }),
      backendStart: fc.constantFrom('first', 'second'),
      user: mostly('site', 'bot'),
      userId: mostly<number | null>(1, 2, null),
      state: mostly<DetailedSession['state']>('idle', ...SESSION_STATES),
      stateChange: mostly<string | null>('then', 'later', null),
      applicationName: mostly('', 'worker', 'pg_dump', 'breakwater'),
      address: fc.constantFrom(...ADDRESSES, null),
      backendType: mostly<string | null>('client backend', 'walsender', null),
      superuser: mostly<boolean | null>(false, true, null),
      replication: mostly<boolean | null>(false, true, null),
      own: mostly<boolean>(false, true),
      ageMs: fc.constantFrom(1_000, 3_600_000),
    })
    .map(detailedSession),
  { selector: ({ pid }) => pid, maxLength: 12 },
);

const pods = fc
  .uniqueArray(
    fc.record({
      addresses: fc.constantFrom<readonly string[]>([], ...ADDRESSES.map((address) => [address])),
      phase: fc.constantFrom('Running' as const, 'Failed' as const),
      terminatingAt: fc.constantFrom(null, NOW),
    }),
    { maxLength: 3 },
  )
  .map((all) => clusterState({ pods: all.map((parts, n) => pod('site', { name: `site-${n}`, ...parts })) }));

const looks = fc.record({
  sessions,
  pods: fc.oneof(
    pods.map((state) => seen(state, NOW)),
    pods.map((state) => seen(state, NOW - 1)),
    fc.constant(unseen('403', NOW)),
    fc.constant(null),
  ),
  poolerPids: fc.constantFrom(seen(new Set<number>(), NOW), seen(new Set([1, 2, 3]), NOW), unseen('gone', NOW)),
});

/** As they are now, but for some that have changed in one thing since. */
const shownBefore = (now: readonly DetailedSession[]): fc.Arbitrary<readonly DetailedSession[]> =>
  fc.tuple(
    ...now.map((session) =>
      fc
        .constantFrom<Partial<DetailedSession>>(
          {},
          {},
          { backendStart: 'third' },
          { userId: 3 },
          { stateChange: 'before' },
          { state: 'idle' },
        )
        .map((was): DetailedSession => Object.assign({}, session, was)),
    ),
  );

const WHO = (kind: (typeof END_KINDS)[number]) => ({ kind, application: 'site' });

describe('of the sessions that were shown', () => {
  it('none is ended that was not shown, or may never be', () => {
    const cases = looks.chain((now) => fc.tuple(fc.constant(now), shownBefore(now.sessions)));
    const property = fc.property(fc.constantFrom(...END_KINDS), cases, (kind, [now, before]) => {
      const shown = before.map((session) => ({ ...session, application: 'site', stateMs: 0, ageMs: 0 }));
      const look = { ...now, sessionsAt: NOW, applications: APPLICATIONS, protect: ['pg_dump'] };
      const judged = judgeShown(shown, WHO(kind), look);
      expect(judged).toHaveLength(shown.length);
      judged.forEach((each, index) => {
        if (each.kind !== 'left') return;
        const was = before[index];
        const is = now.sessions.find(({ pid }) => pid === each.target.pid);
        expect([is?.pid, is?.backendStart, is?.userId]).toEqual([was?.pid, was?.backendStart, was?.userId]);
        expect(is).toMatchObject({ backendType: 'client backend', superuser: false, replication: false, own: false });
        expect(is?.applicationName).not.toMatch(/pg_dump|breakwater/);
        expect(is && nameApplication(is, APPLICATIONS)).toBe('site');
        expect(now.poolerPids.ok && !now.poolerPids.value.has(each.target.pid)).toBe(true);
        if (kind === 'idle') expect(is).toMatchObject({ state: 'idle', stateChange: was?.stateChange });
        else {
          expect(now.pods?.ok === true && now.pods.at >= NOW).toBe(true);
          const living = now.pods?.ok === true ? now.pods.value.pods.filter((each) => !isTerminal(each)) : [];
          expect(living.flatMap(({ addresses }) => addresses)).not.toContain(is?.address);
          expect(is?.address).not.toBeNull();
        }
      });
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it.each(END_KINDS)('some are ended, of kind %s', (kind) => {
    const session = detailedSession();
    const look = {
      sessions: [session],
      sessionsAt: NOW,
      poolerPids: seen(new Set<number>(), NOW),
      pods: seen(clusterState(), NOW),
      applications: APPLICATIONS,
      protect: [],
    };
    const shown = [{ ...session, application: 'site', stateMs: 0, ageMs: 0 }];
    expect(judgeShown(shown, WHO(kind), look)).toMatchObject([{ kind: 'left', target: { pid: 4_711 } }]);
  });

  it.each([null, 'x', {}, [{}], [{ pid: 'x' }]])('none is read from what is no list of them (%j)', (shown) => {
    expect(readShown(shown)).toBeNull();
  });
});
