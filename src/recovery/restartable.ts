import type { Application } from '../model/application.ts';
import { usableConnections } from '../model/capacity.ts';
import type { Workload } from '../model/workload.ts';
import { formatWorkloadReference } from '../model/workload-reference.ts';
import { findFault } from './application-workload.ts';
import type { RecoveryFacts } from './facts.ts';
import { countOf, findHolder, listHolders } from './holders.ts';

/** An application whose workload can be restarted, with the numbers that decide how. */
export interface Restartable {
  readonly application: Application;
  readonly workload: Workload;
  /** Connections that it holds. */
  readonly held: number;
  /** Usable ones less all that are taken; below 0 where superusers sit on reserved ones. */
  readonly free: number;
  readonly usable: number;
}

export type FoundRestartable =
  | { readonly ok: true; readonly restartable: Restartable }
  | { readonly ok: false; readonly reasons: readonly string[] };

/** The application that was named, else the one with a workload that holds the most; or why none can be restarted. Pure. */
export function findRestartable(facts: RecoveryFacts, target: string | null): FoundRestartable {
  const { settings, sessions, snapshot, cluster } = facts;
  if (cluster === null) return refuse('A restart needs the cluster: write `kubernetes` into the configuration.');
  if (!cluster.ok) return refuse(`The pods are not seen: ${cluster.reason}.`);
  if (!sessions.ok)
    return refuse(`The sessions cannot be read: ${sessions.reason}. Who holds the connections is not known.`);
  if (!snapshot.server.ok)
    return refuse(`How many connections the server has is not known: ${snapshot.server.reason}.`);
  const holders = listHolders(sessions.value, settings);
  const holder =
    target === null ? holders.find(({ name }) => workloadOf(name, facts) !== undefined) : findHolder(holders, target);
  if (holder === undefined)
    return refuse('No application has a `workload` in the configuration: write it, to restart it here.');
  if (typeof holder === 'string') return refuse(holder);
  const application = settings.applications.find(({ name }) => name === holder.name);
  if (application?.workload === undefined)
    return refuse(`${holder.name} has no \`workload\` in the configuration: write it, or restart it by hand.`);
  const held = holder.sessions.length;
  if (held === 0) return refuse(`${holder.name} holds no connection: a restart frees none.`);
  const workload = findWorkload(application.workload, facts);
  if (typeof workload === 'string') return refuse(workload);
  const usable = usableConnections(snapshot.server.value.capacity);
  const used = sessions.value.filter(({ backendType }) => backendType === 'client backend').length;
  return { ok: true, restartable: { application, workload, held, usable, free: usable - used } };
}

/** How to restart it: one by one only where the new pods find connections while the old ones still hold theirs. Pure. */
export function choosePath({ application, workload, held, free, usable }: Restartable): {
  readonly kind: 'rollout' | 'stop';
  readonly words: string;
} {
  const { name } = application;
  const { surge, ready, strategy } = workload;
  if (strategy === 'OnDelete')
    return {
      kind: 'stop',
      words: `${formatWorkloadReference(workload.reference)} replaces no pod by itself (OnDelete): it is stopped, and is down meanwhile.`,
    };
  if (surge === 0)
    return {
      kind: 'rollout',
      words: `${name} gets no pod beyond those that it has: they are replaced one after the other.`,
    };
  const perPod = Math.ceil(held / Math.max(1, ready));
  const needed = surge * perPod;
  const sum = `Its pods hold about ${perPod} connections each, so ${countOf(surge, 'new pod')} beside the old ${ready === 1 ? 'one' : 'ones'} would need ${needed}, and ${Math.max(0, free)} of ${usable} are free`;
  return needed <= free
    ? { kind: 'rollout', words: `${sum}: ${name} is replaced pod by pod.` }
    : { kind: 'stop', words: `${sum}: ${name} is stopped first, and is down until its new pods are ready.` };
}

function workloadOf(name: string, { settings }: RecoveryFacts): string | undefined {
  return settings.applications.find((application) => application.name === name)?.workload;
}

function findWorkload(text: string, { settings, applicationWorkloads }: RecoveryFacts): Workload | string {
  if (settings.workload !== null && formatWorkloadReference(settings.workload) === text)
    return `${text} is the workload of the database itself: use restart.`;
  const found = applicationWorkloads.find(({ reference }) => formatWorkloadReference(reference) === text)?.workload;
  if (found === undefined) return `${text} was not looked at.`;
  if (!found.ok) return `${text} cannot be read: ${found.reason}.`;
  if (found.value === null)
    return `${text} is not in the cluster: look whether its name is right, or apply its manifest.`;
  return findFault(found.value) ?? found.value;
}

function refuse(...reasons: readonly string[]): FoundRestartable {
  return { ok: false, reasons };
}
