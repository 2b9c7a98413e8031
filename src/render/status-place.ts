import type { Backups } from '../model/backup.ts';
import type { Pod } from '../model/cluster.ts';
import type { Observed } from '../model/observed.ts';
import type { ClusterPlace, WatchedWorkload } from '../model/place.ts';
import { newestScheduled } from '../model/pods-of.ts';
import { formatWorkloadReference } from '../model/workload-reference.ts';
import { joinLines } from './join-lines.ts';
import { type EmbedField, timestamp } from './message.ts';
import { fieldOfOrphans, hasOrphans } from './status-orphans.ts';
import { escapeUntrusted } from './untrusted.ts';

/** What `/db status` says of the cluster under a database; what is unknown says why. About 1,700 characters at most. Pure. */
export function renderPlace(place: ClusterPlace): EmbedField[] {
  const { orphans, backups, dependents } = place;
  const blind = findBlindness(place);
  if (blind !== null) return [{ name: 'Cluster', value: blind }];
  const where = [...renderServer(place), ...renderNode(place), ...renderVolume(place)];
  return [
    ...(orphans === null || hasOrphans(place) ? [] : [fieldOfOrphans(orphans)]),
    ...(backups === null ? [] : [{ name: 'Last backup', value: joinLines(renderBackups(backups.found), 300) }]),
    ...(where.length === 0 ? [] : [{ name: 'Where it runs', value: joinLines(where, 600) }]),
    ...(dependents.length === 0 ? [] : [{ name: 'Dependents', value: joinLines(renderDependents(dependents), 400) }]),
  ];
}

/** Why nothing at all is known, said once; null where anything is. */
function findBlindness({ orphans, workload, dependents, node, storage, backups }: ClusterPlace): string | null {
  const workloads = workload === null ? dependents : [workload, ...dependents];
  const parts = [
    orphans,
    node,
    storage,
    backups?.found ?? null,
    ...workloads.flatMap((each) => [each.workload, each.pods]),
  ];
  const asked = parts.filter((part) => part !== null);
  const reasons = [...new Set(asked.flatMap((part) => (part.ok ? [] : [part.reason])))];
  if (asked.length < 2 || asked.some(({ ok }) => ok)) return null;
  const apart = reasons.filter((reason) => !reasons.some((other) => other !== reason && other.includes(reason)));
  const why = apart.slice(0, 2).map((reason) => escapeUntrusted(reason, 200));
  return `Orphaned sessions, pods, volume and backups are **unknown**: ${why.join(' ')}`;
}

const MOST_NAMES = 3;
/** A name of Kubernetes may have 253 characters; this many tell it from its neighbours. */
const NAME = 63;

function renderServer({ workload }: ClusterPlace): readonly string[] {
  if (workload === null) return [];
  const name = escapeUntrusted(formatWorkloadReference(workload.reference), NAME);
  const { pods } = workload;
  if (workload.workload.ok && workload.workload.value === null) return [`Pod: ⚠️ ${name} does not exist`];
  if (!pods.ok) return [`Pod: ${unknown(pods)}`];
  if (pods.value.length === 0) return [`Pod: none${describeWanted(workload)}`];
  const newest = newestScheduled(pods.value) ?? pods.value[0];
  const others = pods.value.length - 1;
  return [
    ...(newest ? [renderPod(newest)] : []),
    ...(others === 0
      ? []
      : [`⚠️ ${others === 1 ? 'another pod' : `${others} other pods`} of it: ${listOthers(pods.value, newest)}`]),
  ];
}

function renderPod({ name, ready, readySince, terminatingAt, containers, node }: Pod): string {
  const restarts = containers.reduce((sum, each) => sum + each.restarts, 0);
  const waiting = containers.find((each) => each.waiting !== null)?.waiting ?? null;
  return [
    `Pod **${escapeUntrusted(name, NAME)}**: ${describeReady(ready, readySince)}`,
    ...(terminatingAt === null ? [] : ['⚠️ Terminating']),
    ...(waiting === null ? [] : [escapeUntrusted(waiting, NAME)]),
    restarts === 1 ? '1 restart' : `${restarts} restarts`,
    node === null ? '⚠️ not scheduled' : `on ${escapeUntrusted(node, NAME)}`,
  ].join(', ');
}

/** A relative time reads `5 minutes ago`: a moment goes before it, never `since`. */
function describeReady(ready: boolean, since: number | null): string {
  if (since === null) return ready ? 'ready' : '⚠️ not ready';
  return `${ready ? 'became ready' : '⚠️ not ready, changed'} ${timestamp(since)}`;
}

/** Two pods on one volume are the worst that there is: said, whatever their state. */
function listOthers(pods: readonly Pod[], newest: Pod | undefined): string {
  const others = pods.filter(({ uid }) => uid !== newest?.uid);
  const shown = others.slice(0, 2).map(({ name, terminatingAt, node }) => {
    const state = terminatingAt === null ? '' : ', Terminating';
    return `${escapeUntrusted(name, NAME)} on ${escapeUntrusted(node ?? 'no node', NAME)}${state}`;
  });
  return shown.join('; ');
}

function describeWanted({ workload }: WatchedWorkload): string {
  if (!workload.ok || workload.value === null) return '';
  return workload.value.desired === 0 ? ', it is scaled to 0' : `, ⚠️ though ${workload.value.desired} should be there`;
}

function renderNode({ node }: ClusterPlace): readonly string[] {
  if (node === null) return [];
  if (!node.ok) return [`Node: ${unknown(node)}`];
  if (node.value === null) return [];
  const { name, ready, readySince, unschedulable } = node.value;
  const state = `${readySince === null ? '' : 'became '}${ready === 'True' ? 'Ready' : '⚠️ **NotReady**'}`;
  const since = readySince === null ? '' : ` ${timestamp(readySince)}`;
  return [`Node **${escapeUntrusted(name, NAME)}**: ${state}${since}${unschedulable ? ', cordoned' : ''}`];
}

function renderVolume({ storage }: ClusterPlace): readonly string[] {
  if (storage === null) return [];
  if (!storage.ok) return [`Volume: ${unknown(storage)}`];
  if (storage.value === null) return ['Volume: ⚠️ its claim does not exist'];
  const { claim, volume, attachments } = storage.value;
  const of = escapeUntrusted(claim.reference.name, NAME);
  if (volume === null) return [`Volume: ⚠️ none, claim ${of} is ${escapeUntrusted(claim.phase, NAME)}`];
  const policy =
    volume.reclaimPolicy === 'Retain' ? 'Retain' : `⚠️ reclaim policy ${escapeUntrusted(volume.reclaimPolicy, NAME)}`;
  const attached = attachments.map(({ node, attached: is, detaching, error }) => {
    const state = detaching ? 'detaching from' : is ? 'attached to' : 'attaching to';
    return `${state} ${escapeUntrusted(node, NAME)}${error === null ? '' : ` (⚠️ ${escapeUntrusted(error, 80)})`}`;
  });
  const place = attached.length === 0 ? 'attached nowhere' : attached.join(', ');
  const isWell =
    attachments.length === 1 && attachments.every((each) => each.attached && !each.detaching && !each.error);
  // Its own name is long, and wanted only by who looks for what holds it.
  const name = isWell ? '' : ` (${escapeUntrusted(volume.name, NAME)})`;
  return [`Volume **${of}**${name}: ${policy}, ${place}`];
}

function renderBackups(found: Observed<Backups | null>): readonly string[] {
  if (!found.ok) return [unknown(found)];
  if (found.value === null) return ['⚠️ its CronJob does not exist'];
  const { lastSuccessAt, jobs, suspended } = found.value;
  const running = jobs.find(({ state }) => state === 'running');
  const ended = jobs.find(({ state }) => state !== 'running');
  return [
    lastSuccessAt === null ? '⚠️ none has succeeded, as far as is known' : `succeeded ${timestamp(lastSuccessAt)}`,
    ...(ended?.state === 'failed'
      ? [`⚠️ the last one failed ${timestamp(ended.endedAt ?? ended.createdAt)}${because(ended.reason)}`]
      : []),
    ...(running ? [`one is running, it began ${timestamp(running.startedAt ?? running.createdAt)}`] : []),
    ...(suspended ? ['⚠️ its CronJob is suspended'] : []),
  ];
}

function because(reason: string | null): string {
  return reason === null ? '' : `: ${escapeUntrusted(reason, 80)}`;
}

function renderDependents(dependents: readonly WatchedWorkload[]): readonly string[] {
  const unwell = dependents.flatMap((each) => {
    const state = describeUnwell(each);
    return state === null ? [] : [{ name: escapeUntrusted(each.reference.name, NAME), state }];
  });
  const well = dependents.length - unwell.length;
  // What all of them suffer from is said once.
  const lines = [...Map.groupBy(unwell, ({ state }) => state)].map(([state, members]) => {
    const names = members.slice(0, MOST_NAMES).map(({ name }) => name);
    const left = members.length - names.length;
    return `${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}: ${state}`;
  });
  return well === 0 ? lines : [...lines, lines.length === 0 ? `${well} of ${well} ready` : `${well} more ready`];
}

/** Null for one that is as it should be. */
function describeUnwell({ workload, pods }: WatchedWorkload): string | null {
  if (!workload.ok) return unknown(workload);
  if (workload.value === null) return '⚠️ does not exist';
  if (!pods.ok) return unknown(pods);
  const { desired } = workload.value;
  if (desired === 0) return 'scaled to 0';
  const ready = pods.value.filter((pod) => pod.ready && pod.terminatingAt === null).length;
  if (ready >= desired) return null;
  const containers = pods.value.flatMap((pod) => pod.containers);
  const waiting = containers.find((each) => each.waiting !== null)?.waiting ?? null;
  return `⚠️ ${ready} of ${desired} ready${waiting === null ? '' : `, ${escapeUntrusted(waiting, NAME)}`}`;
}

function unknown({ reason }: { readonly reason: string }): string {
  return `unknown: ${escapeUntrusted(reason, 120)}`;
}
