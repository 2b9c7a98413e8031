import type { Verdict } from '../../model/admission.ts';
import { formatDuration } from '../../model/duration.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Signs, timeOf } from '../signs.ts';

/** A node that swaps or waits for its disk comes back within it, as on 2020-12-11 after the autovacuum. */
const NODE_COMES_BACK_MS = 2 * 60_000;

/** The server was heard of by none of these. */
const SILENT: ReadonlySet<Verdict | null> = new Set<Verdict | null>([
  null,
  'stopped',
  'frozen',
  'unreachable',
  'tls-failed',
]);
/** What a server says that goes down, or whose answer nothing gentle follows from. */
const GOING: ReadonlySet<Verdict | null> = new Set<Verdict | null>(['shutting-down']);

/** The node under PostgreSQL is not Ready: wait; from two minutes on, and where nothing answers, it counts as dead. */
export function findNodeNotReady(signs: Signs): Diagnosis | null {
  const { node, verdict, facts, letsIn } = signs;
  if (node === null || node.ready === 'True') return null;
  // A server that refuses clients for want of slots is alive: the gentle rungs need no node.
  if (!letsIn && !SILENT.has(verdict) && !GOING.has(verdict)) return null;
  const answers = letsIn || facts.snapshot.sessions.ok || GOING.has(verdict);
  const forMs = node.readySince === null ? null : Math.max(0, facts.at - node.readySince);
  const since = forMs === null ? '' : ` since ${timeOf(facts.at - forMs)}, ${formatDuration(forMs)}`;
  const why = node.readyReason === '' ? '' : ` (${node.readyReason})`;
  const fact = `the node ${node.name} under PostgreSQL is not Ready${since}${why}`;
  const known = ['NotReady says that its kubelet is silent, not that its processes are dead.'];
  if (answers || forMs === null || forMs < NODE_COMES_BACK_MS) {
    const still = answers ? 'PostgreSQL still answers there: nothing must be taken from a server that lives.' : null;
    return {
      condition: 'node-not-ready',
      headline: `${capitalise(fact)}${letsIn ? ', and PostgreSQL on it lets clients in' : ''}`,
      advice: { kind: 'wait', until: 'until the node is Ready again; look again in 1 min with /db status' },
      reasons: [
        ...known,
        ...(still === null ? [`It often comes back within ${formatDuration(NODE_COMES_BACK_MS)}.`] : [still]),
        'Not `restart`: its proof needs a node that is Ready. Not `remount` before the node counts as dead.',
      ],
    };
  }
  return {
    condition: 'node-dead',
    headline: `${capitalise(fact)}, and nothing on it answers`,
    advice: { kind: 'recover', strategy: 'remount', target: null },
    reasons: [
      ...known,
      'Not `restart`: the node must prove that the old server is gone, and it is silent.',
      'Never force-delete the pod: a second server would write to the same data directory.',
      BY_HAND,
    ],
  };
}

/** Rung 5 comes later: told, so that nobody looks for its button. */
const BY_HAND =
  '`remount` (rung 5) is not available in this version: by hand, power the node off at the provider until it says so, taint it out-of-service, wait until the volume is detached everywhere, and only then let the pod start.';

function capitalise(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}
