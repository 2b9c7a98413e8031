import fc from 'fast-check';
import type { DatabaseView } from '../../src/alerts/rule.ts';
import type { ActiveSession } from '../../src/model/activity.ts';
import { NOBODY_TRIES, VERDICT_MEANINGS, type Verdict } from '../../src/model/admission.ts';
import { type Observed, seen, unseen } from '../../src/model/observed.ts';
import type { ServerSignals } from '../../src/model/server-signals.ts';
import type { ProbeVerdict, ServiceState } from '../../src/model/service-state.ts';
import { SESSION_STATES, type SessionGroup } from '../../src/model/session-group.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { SourceState } from '../../src/model/source-state.ts';
import { NOW, serverFacts } from './builders.ts';
import { activeSession, HOSTILE, LOW, service } from './rule-findings.ts';

/** Anything that a rule may be shown, hostile names, missing ages and unseen sources included. */

const name = fc.constantFrom('site', 'metabase', 'pg_dump', HOSTILE);
const someName = fc.option(name);
const age = fc.option(fc.integer({ min: 0, max: 200 * 60_000 }));
const moment = fc.option(fc.integer({ min: NOW - 1_000, max: NOW }));
const verdicts = Object.keys(VERDICT_MEANINGS) as Verdict[];

export function observed<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Observed<T>> {
  const reason = fc.constantFrom('no answer', NOBODY_TRIES, HOSTILE);
  return fc.oneof(
    { weight: 3, arbitrary: value.map((each) => seen(each, NOW)) },
    { weight: 1, arbitrary: reason.map((why) => unseen(why, NOW)) },
  );
}

const groups: fc.Arbitrary<SessionGroup> = fc.record({
  user: someName,
  database: someName,
  applicationName: name,
  address: someName,
  state: fc.constantFrom(...SESSION_STATES),
  own: fc.boolean(),
  count: fc.integer({ min: 1, max: 120 }),
  lockWaits: fc.nat(5),
  oldestTransactionMs: age,
  longestInStateMs: age,
});

const activities: fc.Arbitrary<ActiveSession> = fc
  .record({ applicationName: name, user: someName, address: someName, stateMs: age, transactionMs: age })
  .chain((parts) => fc.constantFrom(...SESSION_STATES).map((state) => activeSession({ ...parts, state })));

const signals: fc.Arbitrary<ServerSignals> = fc.record({
  xidAges: fc.uniqueArray(fc.record({ database: name, age: fc.nat(2_147_483_647) }), {
    selector: ({ database }) => database,
  }),
  slots: fc.uniqueArray(fc.record({ name, active: fc.boolean(), retainedBytes: fc.option(fc.nat(20 * 2 ** 30)) }), {
    selector: (slot) => slot.name,
  }),
  standbys: fc.array(fc.record({ name, lagMs: age })),
  archiver: fc.option(
    fc.record({ lastArchivedAt: moment, lastFailedAt: moment, lastFailedWal: someName, failures: fc.nat() }),
  ),
  lockWaits: fc.array(
    fc.record({
      pid: fc.nat(),
      user: someName,
      database: someName,
      applicationName: name,
      address: someName,
      waitedMs: fc.nat(120_000),
    }),
    { maxLength: 8 },
  ),
});

const snapshots: fc.Arbitrary<Snapshot> = fc.record({
  database: fc.constant('main'),
  at: fc.constant(NOW),
  server: fc.oneof(observed(fc.constant(serverFacts())), fc.constant(LOW)),
  sessions: observed(fc.array(groups, { maxLength: 4 })),
  admission: observed(
    fc.record({
      verdict: fc.constantFrom(...verdicts),
      inferred: fc.boolean(),
      tookMs: fc.constant(4),
      serverSaid: fc.option(fc.constant(HOSTILE)),
    }),
  ),
  passesInARow: fc.nat(3),
  signals: observed(signals),
});

export const databaseViews: fc.Arbitrary<DatabaseView> = fc.record({
  snapshot: snapshots,
  applications: fc.uniqueArray(
    name.map((user) => ({ name: user, match: { user }, limit: 32, impact: HOSTILE })),
    { selector: (application) => application.name, maxLength: 2 },
  ),
  protect: fc.constant(['pg_dump']),
  trend: fc.constant({ totals: [], forecast: { kind: 'steady' as const } }),
  activity: observed(fc.array(activities, { maxLength: 5 })),
  dependents: fc.constant([service({ impact: HOSTILE })]),
});

const probes: readonly ProbeVerdict[] = ['good', 'server-error', 'timeout', 'refused', 'tls-failed', 'cut'];

/** Each of another name, as the configuration asks for. */
export const serviceStates: fc.Arbitrary<ServiceState> = fc.record({
  service: fc
    .tuple(fc.uuid(), fc.constantFrom('http', 'https'))
    .map(([called, scheme]) => service({ name: called, url: `${scheme}://example.org/` })),
  probe: observed(
    fc.record({
      verdict: fc.constantFrom(...probes),
      status: fc.constantFrom(200, 500, 524, null),
      tookMs: fc.constant(4),
      fact: fc.constant(HOSTILE),
      certificateExpiresAt: fc.option(fc.integer({ min: NOW - 1_000, max: NOW + 30 * 86_400_000 })),
    }),
  ),
  goodInARow: fc.nat(3),
});

export const sourceStates: fc.Arbitrary<SourceState> = fc.record({
  database: fc.constant('main'),
  name: fc.uuid(),
  blind: fc.option(fc.record({ since: fc.integer({ min: NOW - 100_000, max: NOW }), reason: fc.constant(HOSTILE) })),
});
