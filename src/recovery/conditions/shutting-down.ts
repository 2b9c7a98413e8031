import { OWN_APPLICATION } from '../../model/application.ts';
import { formatDuration } from '../../model/duration.ts';
import { countedSessions } from '../../model/kill-plan.ts';
import { chooseRestart } from '../choose-restart.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { listHolders } from '../judge-relief.ts';
import { type Signs, timeOf } from '../signs.ts';

/** After the end of its grace the kubelet kills it; a little later that must be seen. */
const KILLED_WITHIN_MS = 60_000;

/**
 * PostgreSQL refuses logins because it shuts down. A fast shutdown ends every session within a second; a smart one waits
 * for them for ever (facts.md, Kubernetes, volumes 2). So sessions that answer after the refusal hold it up.
 */
export function findShuttingDown(signs: Signs): Diagnosis | null {
  const { verdict, facts, pods } = signs;
  if (verdict !== 'shutting-down') return null;
  const { sessions, admission } = facts.snapshot;
  const going = (pods ?? []).flatMap(({ name, terminatingAt }) =>
    terminatingAt === null ? [] : [{ name, terminatingAt }],
  );
  const dying = going.find(({ terminatingAt }) => facts.at < terminatingAt + KILLED_WITHIN_MS);
  if (dying !== undefined) {
    return wait('PostgreSQL is shutting down: its pod is Terminating', [
      `${dying.name} is killed when its grace ends, at ${timeOf(dying.terminatingAt)}, whoever holds it up.`,
    ]);
  }
  // The sample comes before the canary; the details after it.
  const answered = facts.sessions.ok && facts.sessions.at >= admission.at;
  if (!answered || !sessions.ok || !facts.sessions.ok) {
    const why = facts.sessions.ok ? '' : `: ${facts.sessions.reason}`;
    return wait('PostgreSQL is shutting down, and no session of it is seen any more', [`No session answers${why}.`]);
  }
  const clients = facts.sessions.value.filter(({ backendType }) => backendType === 'client backend');
  const holders = listHolders(signs)
    .slice(0, 3)
    .map(({ name, count }) => `${name} ${count}`);
  const lasted = clients.reduce<number | null>(
    (least, { ageMs }) => (ageMs === null ? least : Math.min(least ?? ageMs, ageMs)),
    null,
  );
  const { advice, reasons } = chooseRestart(signs);
  return {
    condition: 'shutting-down',
    headline: `PostgreSQL has been told to shut down, lets nobody in, and waits for ${countedSessions(clients.length)} to leave`,
    advice,
    reasons: [
      `A fast shutdown would have ended them within a second: this is a smart one, which waits for ever. It is held by ${holders.length === 0 ? `the sessions of ${OWN_APPLICATION} alone` : holders.join(', ')}.`,
      ...(lasted === null ? [] : [`It began within the last ${formatDuration(lasted)}: the newest session is so old.`]),
      'If the number falls by itself, wait: it starts again when the last one has left.',
      'Not `kill-stale`: whoever is not stale would hold it up all the same.',
      ...reasons,
    ],
  };
}

function wait(headline: string, reasons: readonly string[]): Diagnosis {
  return {
    condition: 'shutting-down',
    headline,
    advice: { kind: 'wait', until: 'until it is down and started again; look again in 1 min with /db status' },
    reasons: [...reasons, 'Not `restart`: it would ask for the shutdown that is under way.'],
  };
}
