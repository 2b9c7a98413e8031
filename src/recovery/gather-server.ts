import type { Observed } from '../model/observed.ts';
import { formatWorkloadReference } from '../model/workload-reference.ts';
import type { RecoveryFacts } from './facts.ts';
import type { RunningServer } from './judge-server.ts';

export type Gathered =
  | { readonly ok: true; readonly value: RunningServer }
  /** Each says what is missing, or could not be read. */
  | { readonly ok: false; readonly reasons: readonly string[] };

/** What the facts tell of the server that is to be stopped: every part of it must have been read. Pure. */
export function gatherServer(facts: RecoveryFacts): Gathered {
  const { claim } = facts.settings;
  if (facts.cluster === null)
    return refused('No cluster is configured: set `kubernetes`, so that the server can be stopped and proven gone.');
  if (facts.workload === null) return refused('No `workload` is configured for the database: set it.');
  if (claim === null)
    return refused('No `claim` is configured for the database: without it nothing proves that the old server is gone.');
  const name = formatWorkloadReference(facts.workload.reference);
  const { reference, workload } = facts.workload;
  const { cluster, storage, neighbours } = facts;
  if (workload.ok && workload.value === null) return refused(`${name} does not exist: correct \`workload\`.`);
  const reasons = [
    ...tell('Pods and nodes', cluster),
    ...tell(name, workload),
    ...tell('The claim and its volume', storage),
    ...tell('The other workloads of the namespace', neighbours),
  ];
  if (!cluster.ok || !workload.ok || workload.value === null || !storage?.ok || !neighbours?.ok)
    return { ok: false, reasons };
  return {
    ok: true,
    value: {
      reference,
      claim,
      workload: workload.value,
      state: cluster.value,
      storage: storage.value,
      neighbours: neighbours.value,
    },
  };
}

function refused(reason: string): Gathered {
  return { ok: false, reasons: [reason] };
}

function tell(what: string, observed: Observed<unknown> | null): readonly string[] {
  if (observed === null) return [`${what}: nobody looked.`];
  return observed.ok ? [] : [`${what} cannot be read: ${observed.reason}`];
}
