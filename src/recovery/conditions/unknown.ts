import { NOBODY_TRIES, VERDICT_MEANINGS } from '../../model/admission.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Signs } from '../signs.ts';

/** Clients may get in, and nobody can count them: unknown is never healthy. */
export function findUncounted(signs: Signs): Diagnosis | null {
  return signs.use === null ? describeUnknown(signs) : null;
}

/** Nothing that is seen says what is wrong: told, with what is not seen, and nothing is recommended on a guess. */
export function describeUnknown({ verdict, letsIn, facts }: Signs): Diagnosis {
  const { snapshot, cluster, workload, settings } = facts;
  const { admission, sessions, server } = snapshot;
  const said = admission.ok ? admission.value.serverSaid : null;
  const unseen = [
    ...(admission.ok || admission.reason === NOBODY_TRIES
      ? []
      : [`Whether new connections get in: ${admission.reason}.`]),
    ...(sessions.ok ? [] : [`Who is connected: ${sessions.reason}.`]),
    ...(server.ok ? [] : [`The limits of the server: ${server.reason}.`]),
    ...(cluster === null || cluster.ok ? [] : [`The pods: ${cluster.reason}.`]),
    ...(workload === null || workload.workload.ok ? [] : [`Its workload: ${workload.workload.reason}.`]),
  ];
  const state = letsIn
    ? 'lets clients in, but not all of it is seen'
    : verdict === null
      ? 'is not seen well enough to say what is wrong'
      : `gives an answer that no rung is made for: ${VERDICT_MEANINGS[verdict].fact}`;
  return {
    condition: 'unknown',
    headline: `${settings.database} ${state}`,
    advice: {
      kind: 'by-hand',
      todo: [
        'Look again in a minute with /db status.',
        'If it stays so, look at the pod and its log by hand: kubectl describe, kubectl logs.',
      ],
    },
    reasons: [
      ...(said === null ? [] : [`The server says: “${said}”`]),
      ...unseen,
      'What is not seen is never called healthy, and no rung is recommended on a guess.',
    ],
  };
}
