import { formatBytes } from '../../model/bytes.ts';
import { judge } from '../judge.ts';
import { ANY_SUBJECT, type Rule, unknownFinding } from '../rule.ts';
import { lookAtSignals } from '../sight.ts';

/** pg_replication_slots is open to every role, so a role without privileges sees the slots in full. */
export default {
  id: 'replication-slots',
  scope: 'database',
  severity: 'warning',
  for: '1m',
  summary: 'A replication slot makes the server keep WAL for a reader that is behind or gone: the disk fills.',
  firstStep: 'See whether its reader still lives; drop the slot only when nobody will read from it again.',
  options: {
    fire: { type: 'bytes', default: '10GiB', meaning: 'Fires when so much WAL is kept for one slot.' },
    clear: { type: 'bytes', default: '10GiB', meaning: 'Resolves below it.' },
  },
  evaluate({ snapshot }, settings) {
    const sight = lookAtSignals(snapshot);
    if (!sight.ok) return [unknownFinding(ANY_SUBJECT, `the replication slots are unknown: ${sight.reason}`)];
    return sight.signals.slots.map(({ name, active, retainedBytes }) => {
      const value = retainedBytes ?? 0;
      return {
        subject: name,
        standing: judge(value, settings.fire.value, settings.clear.value),
        value,
        fireAt: settings.fire.value,
        unit: 'bytes' as const,
        headline: `the replication slot ${name} keeps ${formatBytes(value)} of WAL`,
        evidence: active ? 'Its reader is connected, and behind.' : 'Nobody reads from it now.',
        impact: '',
      };
    });
  },
} satisfies Rule;
