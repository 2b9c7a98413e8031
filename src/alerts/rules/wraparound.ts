import { judge } from '../judge.ts';
import { ANY_SUBJECT, type Rule, unknownFinding } from '../rule.ts';

/**
 * Some 2.1 thousand million transactions after the oldest unfrozen one PostgreSQL refuses to begin any; it warns from 40
 * million before: https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
 */
const CRITICAL_FROM = 1_900_000_000;
const STOPS_AT = 2_147_483_648 - 3_000_000;

export default {
  id: 'wraparound',
  scope: 'database',
  severity: 'warning',
  for: '0s',
  summary: 'A database nears the wraparound of transaction ids; critical from 1 900 000 000 on.',
  firstStep:
    'Look for what keeps vacuum back: an old transaction, a replication slot, a prepared transaction. Then VACUUM FREEZE.',
  options: {
    fire: { type: 'count', default: 1_000_000_000, meaning: 'Fires at this `age(datfrozenxid)`.' },
    clear: { type: 'count', default: 1_000_000_000, meaning: 'Resolves below it.' },
  },
  evaluate({ snapshot: { signals } }, settings) {
    if (!signals.ok) return [unknownFinding(ANY_SUBJECT, `the ages of the databases are unknown: ${signals.reason}`)];
    return signals.value.xidAges.map(({ database, age }) => ({
      subject: database,
      standing: judge(age, settings.fire.value, settings.clear.value),
      value: age,
      fireAt: null,
      unit: 'count' as const,
      headline: `the oldest transaction id in ${database} is ${millions(age)} million transactions old`,
      evidence: `PostgreSQL stops at some ${millions(STOPS_AT)} million.`,
      impact: '',
      ...(age >= CRITICAL_FROM && { severity: 'critical' as const }),
    }));
  },
} satisfies Rule;

function millions(count: number): string {
  return String(Math.floor(count / 1_000_000));
}
