import { type Admission, NOBODY_TRIES, VERDICT_MEANINGS, type Verdict } from '../../model/admission.ts';
import { usableConnections } from '../../model/capacity.ts';
import { countSessions } from '../../model/session-group.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { tallyApplications } from '../../model/tally.ts';
import { describeHolders } from '../describe-holders.ts';
import { describeImpact } from '../describe-impact.ts';
import { type DatabaseView, type Finding, type Rule, unknownFinding } from '../rule.ts';
import { lookAt } from '../sight.ts';

/**
 * The canary speaks for the applications; where there is none, the counts do (product.md §5). The root cause of what
 * the connection rules and the services' probes see.
 */
export default {
  id: 'database-unreachable',
  scope: 'database',
  severity: 'critical',
  for: '15s',
  worse: 'unrelated',
  summary:
    'A fresh connection, made as an application would make it, does not get through; the alert says how it fails. It fires at once where the server is full of clients.',
  firstStep: 'See with /db status who holds the connections, and whether new ones get in.',
  options: {
    clear: {
      type: 'count',
      default: 2,
      meaning:
        'Resolves after so many good canary probes in a row; without a canary, as soon as the counts leave room.',
    },
  },
  evaluate(view, settings) {
    const { admission } = view.snapshot;
    if (!admission.ok) return [withoutCanary(view, admission.reason)];
    const { verdict } = admission.value;
    if (verdict === 'admitted') return [welcome(view, settings.clear.value)];
    if (verdict === 'starting' || verdict === 'crash-recovery') return [leaveToRecovery(view, verdict)];
    if (verdict === 'role-limit') return [blameCanary(view)];
    return [fire(view, admission.value)];
  },
} satisfies Rule;

const SUBJECT = 'clients';

/** Full of clients: nothing that passes by itself within seconds. */
const FULL: ReadonlySet<Verdict> = new Set(['only-reserved-left', 'completely-full', 'half-authenticated']);

/** How it fails in a word, where the fact does not begin with it. */
const LEADS: Readonly<Partial<Record<Verdict, string>>> = {
  'database-limit': 'full',
  'shutting-down': 'refused',
  stopped: 'refused',
  frozen: 'hung',
  unreachable: 'network',
  'auth-refused': 'auth',
  'no-such-database': 'name',
  'tls-failed': 'TLS',
  'read-only': 'read-only',
  unrecognised: 'unknown error',
};

function welcome(view: DatabaseView, needed: number): Finding {
  const { passesInARow } = view.snapshot;
  if (passesInARow >= needed) return speak(view, 'clear', { headline: 'clients get in' });
  return speak(view, 'holding', { headline: `a test login works again: ${passesInARow} of ${needed} in a row` });
}

/** What fires already says the same as database-recovering, and what is quiet stays so. */
function leaveToRecovery(view: DatabaseView, verdict: Verdict): Finding {
  return speak(view, 'holding', { headline: VERDICT_MEANINGS[verdict].fact, ...stepFor(verdict) });
}

function fire(view: DatabaseView, { verdict, inferred, serverSaid }: Admission): Finding {
  const lead = LEADS[verdict];
  const { fact, lets } = VERDICT_MEANINGS[verdict];
  const evidence = [
    ...(FULL.has(verdict) || verdict === 'database-limit' ? [describeWhoHolds(view)] : []),
    // What keeps the canary out may not keep the applications out, and only the server's own words can tell.
    ...(lets === 'unknown' && serverSaid !== null ? [`The server said: ${serverSaid}`] : []),
  ];
  return speak(view, 'firing', {
    headline: `${lead === undefined ? '' : `${lead}: `}${fact}${inferred ? ', as the counts say' : ''}`,
    evidence: evidence.join(' '),
    ...(FULL.has(verdict) && { atOnce: true }),
    ...stepFor(verdict),
  });
}

/**
 * The canary's own limit says nothing about anybody else, and a fault of the bot's must not ping people. But a full
 * server refuses the canary by its own limit first, so the counts may still prove that it is full.
 */
function blameCanary(view: DatabaseView): Finding {
  if (roomByCounts(view.snapshot) === 'none') {
    const verdict = 'only-reserved-left';
    return fire(view, { verdict, inferred: true, tookMs: null, serverSaid: null });
  }
  return unknownFinding(SUBJECT, `whether clients get in is unknown: ${VERDICT_MEANINGS['role-limit'].fact}`);
}

/** An alert that was inferred from the counts must resolve by them; a canary that has not spoken yet is waited for. */
function withoutCanary(view: DatabaseView, reason: string): Finding {
  if (reason === NOBODY_TRIES && roomByCounts(view.snapshot) === 'some') {
    return speak(view, 'clear', { headline: 'the counts leave room for clients' });
  }
  return unknownFinding(SUBJECT, `whether clients get in is unknown: ${reason}`);
}

/** Counts that are too low can prove that there is no room, never that there is some. */
function roomByCounts(snapshot: Snapshot): 'some' | 'none' | 'unknown' {
  const sight = lookAt(snapshot);
  if (!sight.ok) return 'unknown';
  if (countSessions(sight.sessions) >= usableConnections(sight.server.capacity)) return 'none';
  return sight.whole ? 'some' : 'unknown';
}

function describeWhoHolds({ snapshot: { sessions }, applications }: DatabaseView): string {
  return sessions.ok ? describeHolders(tallyApplications(sessions.value, applications)) : '';
}

function stepFor(verdict: Verdict): Pick<Finding, 'firstStep'> {
  return { firstStep: VERDICT_MEANINGS[verdict].next };
}

function speak(
  view: DatabaseView,
  standing: Finding['standing'],
  parts: Pick<Finding, 'headline'> & Partial<Finding>,
): Finding {
  const impact = describeImpact(view);
  return { subject: SUBJECT, standing, value: null, fireAt: null, evidence: '', impact, ...parts };
}
