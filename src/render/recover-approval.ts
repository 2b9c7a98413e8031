import type { Approval, RecoveryRun } from '../recovery/run.ts';
import { timestamp } from './message.ts';
import { mention } from './timeline-line.ts';
import { escapeUntrusted } from './untrusted.ts';

/** Who asked and who approved, when, and how. Pure. */
export function describeApprovers({ approval, requestedBy }: RecoveryRun): string {
  const by = mention(requestedBy);
  if (approval === null) return `Asked for by ${by}.`;
  const asked = approval.by === requestedBy ? '' : ` Asked for by ${by}.`;
  const reason = approval.reason === null ? '' : ` Reason: ${escapeUntrusted(approval.reason, 300)}`;
  return `${WORDS[approval.how]} by ${mention(approval.by)} ${timestamp(approval.at)}.${asked}${reason}`;
}

const WORDS: Readonly<Record<Approval['how'], string>> = {
  confirmed: 'Confirmed',
  'second-person': 'Approved',
  typed: 'Approved, typed out,',
  'broke-glass': '🚨 **Glass broken**',
};
