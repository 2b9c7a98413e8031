import type { RuleSettings } from '../../model/rule-options.ts';
import type { ServerSignals } from '../../model/server-signals.ts';
import { judge } from '../judge.ts';
import { ANY_SUBJECT, type Finding, type Rule, unknownFinding } from '../rule.ts';
import { lookAtSignals } from '../sight.ts';

/** pg_database is open to every role, so a role without privileges sees these ages in full. */
export default {
  id: 'wraparound',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary:
    'The oldest unfrozen transaction of a database is far back: VACUUM does not keep up. At 2 144 million transactions PostgreSQL takes no more writes; from 1 900 million on the alert is critical.',
  firstStep:
    'Find what holds VACUUM up: an old transaction, a prepared one, a replication slot nobody reads. Then VACUUM the database.',
  options: {
    fire: { type: 'count', default: 1_000_000_000, meaning: 'Fires at this age(datfrozenxid) of a database.' },
    clear: { type: 'count', default: 1_000_000_000, meaning: 'Resolves below it.' },
  },
  evaluate({ snapshot }, settings) {
    const sight = lookAtSignals(snapshot);
    if (!sight.ok) return [unknownFinding(ANY_SUBJECT, `the ages of the databases are unknown: ${sight.reason}`)];
    return sight.signals.xidAges.map((each) => judgeDatabase(each, settings));
  },
} satisfies Rule;

type XidAge = ServerSignals['xidAges'][number];

/**
 * Three million transactions before 2³¹ − 1 (postgresql.org/docs/18/routine-vacuuming.html, "Preventing Transaction ID
 * Wraparound Failures"; SetTransactionIdLimit in varsup.c).
 */
const STOPS_AT = 2 ** 31 - 1 - 3_000_000;

/** Some 240 million before the end: hours on a busy server, and a VACUUM of this size takes hours too. */
const CRITICAL_FROM = 1_900_000_000;

function judgeDatabase({ database, age }: XidAge, { fire, clear }: Pick<RuleSettings, 'fire' | 'clear'>): Finding {
  return {
    subject: database,
    standing: judge(age, fire.value, clear.value),
    value: age,
    fireAt: fire.value,
    unit: 'count' as const,
    headline: `the oldest unfrozen transaction of ${database} is ${millions(age)} transactions back`,
    evidence: `PostgreSQL takes no more writes at ${millions(STOPS_AT)}: about ${millions(Math.max(0, STOPS_AT - age))} are left.`,
    impact: '',
    ...(age >= CRITICAL_FROM && { severity: 'critical' }),
  };
}

function millions(transactions: number): string {
  return `${Math.floor(transactions / 1_000_000)} million`;
}
