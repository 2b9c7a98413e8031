import type { KubeObject } from '../api/object.ts';
import { uniqueVolumeName } from './csi-volume.ts';
import { findNeededVolumes, type NeededVolume } from './needed-volumes.ts';
import { isReady } from './pod-state.ts';
import { sooner } from './run-controller.ts';

/** How long a volume stays attached to an unhealthy node that still says it is mounted (facts.md, Kubernetes 4). */
export const FORCE_DETACH_MS = 360_000;
/** The real one looks once a minute whether what it attached still is: half of that goes by before it sees a deletion. */
export const VERIFY_MS = 30_000;

export interface AttachmentView {
  readonly pods: readonly KubeObject[];
  readonly claims: readonly KubeObject[];
  readonly volumes: readonly KubeObject[];
  readonly nodes: readonly KubeObject[];
  readonly attachments: readonly KubeObject[];
  /** Since when each thing that is waited for has been so; what the last decision answered. */
  readonly since: ReadonlyMap<string, number>;
}

export type AttachmentStep =
  | { readonly act: 'attach' | 'detach' | 'forget'; readonly volume: KubeObject; readonly node: string }
  | { readonly act: 'report'; readonly needed: NeededVolume }
  | { readonly act: 'refuse'; readonly needed: NeededVolume; readonly others: readonly KubeObject[] };

export interface AttachmentPlan {
  readonly steps: readonly AttachmentStep[];
  readonly since: ReadonlyMap<string, number>;
  readonly again: number | null;
}

/**
 * What to attach and detach. A volume for one node only waits until it is nowhere else (Multi-Attach); one that no pod needs
 * is detached when its node no longer has it mounted, or, where the node is unhealthy, after six minutes; the out-of-service
 * taint spares the wait.
 */
export function decideAttachments(view: AttachmentView, now: number): AttachmentPlan {
  const needed = findNeededVolumes(view);
  const since = new Map<string, number>();
  const steps: AttachmentStep[] = [];
  let again: number | null = null;
  const nodes = new Map(view.nodes.map((node) => [node.metadata.name, node]));
  const attachmentOf = (volume: string, node: string): KubeObject | null =>
    view.attachments.find(({ spec }) => spec.source?.persistentVolumeName === volume && spec.nodeName === node) ?? null;
  const says = (node: string, list: string, volume: KubeObject): boolean => {
    const name = uniqueVolumeName(volume);
    const listed: readonly (string | { name: string })[] = nodes.get(node)?.status?.[list] ?? [];
    return listed.some((one) => (typeof one === 'string' ? one : one.name) === name);
  };
  /** Milliseconds that something has been so, counted from the first time it is seen. */
  const lasting = (what: string): number => {
    const from = view.since.get(what) ?? now;
    since.set(what, from);
    return now - from;
  };
  const places = view.volumes.flatMap((volume) => {
    const at = new Set(
      view.nodes.map(({ metadata }) => metadata.name).filter((node) => says(node, 'volumesAttached', volume)),
    );
    for (const { spec } of view.attachments)
      if (spec.source?.persistentVolumeName === volume.metadata.name) at.add(spec.nodeName);
    return [...at].map((node) => ({ volume, node, key: `${volume.metadata.name}|${node}` }));
  });

  for (const { volume, node, key } of places) {
    const attachment = attachmentOf(volume.metadata.name, node);
    const isKnown = says(node, 'volumesAttached', volume);
    if (!attachment && isKnown) {
      const left = VERIFY_MS - lasting(`lost ${key}`);
      if (left > 0) again = sooner(again, left);
      else steps.push({ act: 'forget', volume, node });
      continue;
    }
    if (needed.has(key) || attachment?.metadata.deletionTimestamp !== undefined) continue;
    const hasTaint = (nodes.get(node)?.spec?.taints ?? []).some(
      ({ key: taint }: { key: string }) => taint === 'node.kubernetes.io/out-of-service',
    );
    const holder = nodes.get(node);
    const left = FORCE_DETACH_MS - lasting(`unneeded ${key}`);
    const isMounted = !holder || says(node, 'volumesInUse', volume);
    const isForced = left <= 0 && !(holder && isReady(holder));
    if (!isMounted || hasTaint || isForced) steps.push({ act: 'detach', volume, node });
    else if (left > 0) again = sooner(again, left);
  }

  for (const [key, wish] of needed) {
    const { volume, node } = wish;
    const attachment = attachmentOf(volume.metadata.name, node);
    if (says(node, 'volumesAttached', volume) || !nodes.has(node)) continue;
    if (attachment) {
      const isAttached = attachment.status?.attached === true && attachment.metadata.deletionTimestamp === undefined;
      if (isAttached) steps.push({ act: 'report', needed: wish });
      continue;
    }
    const elsewhere = places.filter((place) => place.volume === volume && place.node !== node);
    if (elsewhere.length === 0 || isShared(volume)) {
      steps.push({ act: 'attach', volume, node });
      continue;
    }
    const isTold = view.since.has(`refused ${key}`);
    lasting(`refused ${key}`);
    if (isTold) continue;
    const others = elsewhere.flatMap((place) => needed.get(place.key)?.pods ?? []);
    steps.push({ act: 'refuse', needed: wish, others });
  }
  return { steps, since, again };
}

function isShared({ spec }: KubeObject): boolean {
  const modes: readonly string[] = spec.accessModes ?? [];
  return modes.includes('ReadWriteMany') || modes.includes('ReadOnlyMany');
}
