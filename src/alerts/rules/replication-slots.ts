import { formatBytes } from '../../model/bytes.ts';
import { judge } from '../judge.ts';
import { ANY_SUBJECT, type Rule, unknownFinding } from '../rule.ts';

/** A slot that nobody reads keeps its WAL until the disk is full. */
export default {
  id: 'replication-slots',
  scope: 'database',
  severity: 'warning',
  for: '1m',
  summary: 'A replication slot holds back much WAL.',
  firstStep: 'Is its reader still there? A slot that nobody will read again is dropped with pg_drop_replication_slot.',
  options: {
    fire: { type: 'bytes', default: '10GiB', meaning: 'Fires when the server keeps so much WAL for it.' },
    clear: { type: 'bytes', default: '10GiB', meaning: 'Resolves below it.' },
  },
  evaluate({ snapshot: { signals } }, settings) {
    if (!signals.ok) return [unknownFinding(ANY_SUBJECT, `the replication slots are unknown: ${signals.reason}`)];
    return signals.value.slots.map(({ name, active, retainedBytes }) => ({
      subject: name,
      standing: judge(retainedBytes ?? 0, settings.fire.value, settings.clear.value),
      value: retainedBytes,
      fireAt: null,
      unit: 'bytes' as const,
      headline: `the slot ${name} holds back ${formatBytes(retainedBytes ?? 0)} of WAL`,
      evidence: active ? 'Its reader is connected, and behind.' : 'Nobody reads it.',
      impact: '',
    }));
  },
} satisfies Rule;
