import { formatDuration } from '../../model/duration.ts';
import { chooseRestart } from '../choose-restart.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { describeUse, type Signs } from '../signs.ts';

/** The server takes a connection and then says nothing: its postmaster hangs, with its sessions or without (facts.md, PostgreSQL 3). */
export function findHung(signs: Signs): Diagnosis | null {
  const { facts, verdict, use } = signs;
  const { admission, sessions } = facts.snapshot;
  if (verdict !== 'frozen' || !admission.ok) return null;
  const { tookMs } = admission.value;
  const waited = tookMs === null ? '' : ` for ${formatDuration(tookMs)}`;
  const held = sessions.ok
    ? `The held session still answers${use === null ? '' : `: ${describeUse(use)}`}. The postmaster hangs, its sessions do not.`
    : `The held session does not answer either: ${sessions.reason}.`;
  const { advice, reasons } = chooseRestart(signs);
  return {
    condition: 'hung',
    headline: `PostgreSQL hangs: a new connection was taken and then heard nothing${waited}`,
    advice,
    reasons: [
      held,
      'Not `kill-stale`, `cap-application` or `restart-application`: nobody is refused for want of a slot, and a postmaster that hangs lets nobody in however many are free.',
      ...reasons,
    ],
  };
}
