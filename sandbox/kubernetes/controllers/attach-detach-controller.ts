import type { KubeObject } from '../api/object.ts';
import type { ResourceType } from '../api/resource-type.ts';
import nodes from '../resources/nodes.ts';
import persistentVolumeClaims from '../resources/persistent-volume-claims.ts';
import persistentVolumes from '../resources/persistent-volumes.ts';
import pods from '../resources/pods.ts';
import volumeAttachments from '../resources/volume-attachments.ts';
import { attachmentNameOf, uniqueVolumeName } from './csi-volume.ts';
import { type AttachmentStep, decideAttachments } from './decide-attachments.ts';
import type { NeededVolume } from './needed-volumes.ts';
import { createEventRecorder } from './record-event.ts';
import { type Controller, type ControllerParts, runController } from './run-controller.ts';

const WATCHED: ReadonlySet<ResourceType> = new Set<ResourceType>([
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  volumeAttachments,
]);

/** Asks for volumes to be attached where pods need them, one node at a time, and detached where none does any more. */
export function createAttachDetachController({ api, clock }: ControllerParts): Controller {
  const record = createEventRecorder({ api, clock, component: 'attachdetach-controller' });
  let since: ReadonlyMap<string, number> = new Map();

  function reconcile(): number | null {
    const plan = decideAttachments(
      {
        pods: api.list(pods, null),
        claims: api.list(persistentVolumeClaims, null),
        volumes: api.list(persistentVolumes, null),
        nodes: api.list(nodes, null),
        attachments: api.list(volumeAttachments, null),
        since,
      },
      clock.now(),
    );
    since = plan.since;
    for (const step of plan.steps) act(step);
    return plan.again;
  }

  function act(step: AttachmentStep): void {
    if (step.act === 'report') return report(step.needed);
    if (step.act === 'refuse') return refuse(step.needed, step.others);
    const { volume, node } = step;
    const name = attachmentNameOf(volume, node);
    if (step.act === 'attach')
      api.create(volumeAttachments, {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'VolumeAttachment',
        metadata: { name },
        spec: {
          attacher: volume.spec.csi.driver,
          source: { persistentVolumeName: volume.metadata.name },
          nodeName: node,
        },
        status: { attached: false },
      });
    else {
      // The node is told first: nothing is mounted anew from what is about to go.
      setAttached(volume, node, false);
      if (step.act === 'detach' && api.get(volumeAttachments, null, name)) api.delete(volumeAttachments, null, name);
    }
    return undefined;
  }

  function report({ volume, node, pods: waiting }: NeededVolume): void {
    setAttached(volume, node, true);
    const message = `AttachVolume.Attach succeeded for volume "${volume.metadata.name}" `;
    for (const pod of waiting) record(pod, { reason: 'SuccessfulAttachVolume', message });
  }

  function refuse({ volume, pods: waiting }: NeededVolume, others: readonly KubeObject[]): void {
    for (const pod of waiting) {
      const near = others.filter(({ metadata }) => metadata.namespace === pod.metadata.namespace);
      const far = others.length - near.length;
      const names = near.map(({ metadata }) => metadata.name).join(', ');
      const inOther = `${far} pod(s) in different namespaces`;
      const why =
        others.length === 0
          ? "Volume is already exclusively attached to one node and can't be attached to another"
          : `Volume is already used by ${near.length === 0 ? inOther : `pod(s) ${names}${far > 0 ? ` and ${inOther}` : ''}`}`;
      const message = `Multi-Attach error for volume "${volume.metadata.name}" ${why}`;
      record(pod, { type: 'Warning', reason: 'FailedAttachVolume', message });
    }
  }

  function setAttached(volume: KubeObject, node: string, isAttached: boolean): void {
    const name = uniqueVolumeName(volume);
    api.change(
      nodes,
      null,
      node,
      (draft) => {
        const attached = (draft.status?.volumesAttached ?? []) as readonly { name: string }[];
        const others = attached.filter((one) => one.name !== name);
        const after = isAttached ? [...others, { name, devicePath: '' }] : others;
        draft.status = { ...draft.status, volumesAttached: after };
        if (after.length === 0) delete draft.status.volumesAttached;
      },
      'status',
    );
  }

  return runController({ api, clock, reconcile, keysOf: (type) => (WATCHED.has(type) ? ['all'] : []) });
}
