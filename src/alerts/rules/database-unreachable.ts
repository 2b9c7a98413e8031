import { VERDICT_MEANINGS, type Verdict } from '../../model/admission.ts';
import { usableConnections } from '../../model/capacity.ts';
import { countSessions } from '../../model/session-group.ts';
import { tallyApplications } from '../../model/tally.ts';
import { describeHolders } from '../describe-holders.ts';
import { type DatabaseView, type Finding, type Rule, type Standing, unknownFinding } from '../rule.ts';

/** Clients cannot get in: the canary says how it ends (product.md §4 and §5). */
export default {
  id: 'database-unreachable',
  scope: 'database',
  severity: 'critical',
  for: '15s',
  worse: 'unrelated',
  summary: 'The canary, an ordinary connection attempt, fails. A full server is told at once, the rest after `for`.',
  firstStep: 'Read how it fails; look at /db status.',
  options: {
    clear: { type: 'count', default: 2, meaning: 'Resolves after this many good attempts in a row.' },
  },
  evaluate(view, settings) {
    const { admission, passesInARow } = view.snapshot;
    if (!admission.ok) return [judgeUnseen(view, admission.reason)];
    const { verdict, inferred, serverSaid } = admission.value;
    const { fact, next } = VERDICT_MEANINGS[verdict];
    const words = verdict === 'unrecognised' && serverSaid !== null ? ` The server said: ${serverSaid}` : '';
    return [
      {
        subject: SUBJECT,
        standing: verdict === 'admitted' ? judgePasses(passesInARow, settings.clear.value) : STANDINGS[verdict],
        value: null,
        fireAt: null,
        headline:
          verdict === 'admitted'
            ? 'new connections are admitted again'
            : `new connections fail: ${fact}${inferred ? ' (inferred, nobody tried)' : ''}`,
        evidence: `${describeWhoHolds(view, verdict)}${words}`.trim(),
        impact: describeLoss(view),
        atOnce: FULL.has(verdict),
        firstStep: next,
      },
    ];
  },
} satisfies Rule;

const SUBJECT = 'clients';
/** Nothing else can be meant by these, however short they last. */
const FULL: ReadonlySet<Verdict> = new Set(['only-reserved-left', 'completely-full', 'half-authenticated']);

const STANDINGS: Readonly<Record<Exclude<Verdict, 'admitted'>, Standing>> = {
  'only-reserved-left': 'firing',
  'completely-full': 'firing',
  'half-authenticated': 'firing',
  // The canary's own limit says nothing of applications: neither that they get in, nor that they do not.
  'role-limit': 'holding',
  'database-limit': 'firing',
  // 57P03 is progress, and the business of database-recovering; it is no reason to say that clients get in.
  starting: 'holding',
  'crash-recovery': 'holding',
  'shutting-down': 'firing',
  stopped: 'firing',
  frozen: 'firing',
  unreachable: 'firing',
  'auth-refused': 'firing',
  'no-such-database': 'firing',
  'tls-failed': 'firing',
  'read-only': 'firing',
  unrecognised: 'firing',
};

function judgePasses(passesInARow: number, wanted: number): Standing {
  return passesInARow >= wanted ? 'clear' : 'holding';
}

/** Without a canary nobody tries: room on a server that answers is the only sign that it is over. */
function judgeUnseen(
  { snapshot: { sessions, server, admission, passesInARow } }: DatabaseView,
  reason: string,
): Finding {
  const unknown = unknownFinding(SUBJECT, `whether clients get in is unknown: ${reason}`);
  if (!sessions.ok || !server.ok || admission.ok || passesInARow > 0 || !/nobody tried/.test(reason)) return unknown;
  const used = countSessions(sessions.value);
  const usable = usableConnections(server.value.capacity);
  if (used >= usable) return unknown;
  return {
    ...unknown,
    standing: 'clear',
    headline: `${used} of ${usable} usable connections in use (inferred, nobody tried)`,
  };
}

function describeWhoHolds({ snapshot: { sessions }, applications }: DatabaseView, verdict: Verdict): string {
  return FULL.has(verdict) && sessions.ok ? describeHolders(tallyApplications(sessions.value, applications)) : '';
}

/** Everything that cannot work without the database, in the words of the configuration. */
function describeLoss({ applications, dependents }: DatabaseView): string {
  const named = [...applications, ...dependents].flatMap(({ name, impact }) =>
    impact === undefined ? [] : `${name}: ${impact}`,
  );
  const silent = dependents.filter(({ impact }) => impact === undefined).map(({ name }) => name);
  return [...named, ...silent].join('; ');
}
