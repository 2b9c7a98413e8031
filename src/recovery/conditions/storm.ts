import { countSessions } from '../../model/session-group.ts';
import { formatWorkloadReference } from '../../model/workload-reference.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { judgeRestart, listHolders } from '../judge-relief.ts';
import type { Signs } from '../signs.ts';

/** Clients that knock faster than they are let in hold the slots half-way: neither a limit nor free slots stop them. */
export function findStorm(signs: Signs): Diagnosis | null {
  const { verdict, facts } = signs;
  if (verdict !== 'half-authenticated') return null;
  const { sessions } = facts.snapshot;
  const knocking = sessions.ok ? countSessions(sessions.value.filter(({ user }) => user === null)) : null;
  const name = findKnocker(signs) ?? listHolders(signs)[0]?.name ?? null;
  const fitness =
    name === null ? { ok: false as const, why: 'Nobody can tell who knocks.' } : judgeRestart(signs, name);
  return {
    condition: 'full',
    headline: `${facts.settings.database} is full of clients that are only half logged in: a reconnect storm${knocking === null ? '' : `, ${knocking} of them`}`,
    advice: fitness.ok
      ? { kind: 'recover', strategy: 'restart-application', target: name }
      : {
          kind: 'by-hand',
          todo: [
            'Scale the application that knocks the most to 0 where it runs, wait until the others are in, and scale it back.',
          ],
        },
    reasons: [
      ...(fitness.ok ? [`${name} is the one that knocks, or holds, the most.`] : [fitness.why]),
      'Not `kill-stale`: freed slots are taken by the next who knock.',
      'Not `cap-application`: a limit is looked at only after a login, and these have not come so far.',
      'Not `restart`: after it the same clients knock again, all at once.',
    ],
  };
}

/** The application whose pods have the addresses that most of them knock from; null where nobody can tell. */
function findKnocker({ facts: { snapshot, cluster, settings } }: Signs): string | null {
  if (!snapshot.sessions.ok || !cluster?.ok) return null;
  const counts = new Map<string, number>();
  for (const { user, address, count } of snapshot.sessions.value) {
    if (user !== null || address === null) continue;
    const pod = cluster.value.pods.find(({ addresses, hostNetwork }) => !hostNetwork && addresses.includes(address));
    if (pod === undefined || pod.owner === null) continue;
    const { namespace, owner } = pod;
    const reference = formatWorkloadReference({ namespace, kind: owner.kind.toLowerCase(), name: owner.name });
    const name = settings.applications.find(({ workload }) => workload === reference)?.name;
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
