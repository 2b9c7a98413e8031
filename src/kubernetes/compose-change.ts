import { z } from 'zod';
import { HELD_REPLICAS, type ScaleChange } from '../model/cluster-changes.ts';
import { formatWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import { type PatchOperation, pointTo, setAnnotation, testAnnotation } from './json-patch.ts';

/** As much of a Deployment or a StatefulSet as a change of it hangs on. */
export type ChangeTarget = z.infer<typeof changeTargetSchema>;

/** What a change comes to for an object as it was read. */
export type ComposedChange =
  | {
      readonly kind: 'patch';
      readonly operations: readonly PatchOperation[];
      /** Whether the server's answer says that it is so now. */
      readonly holds: (answer: ChangeTarget) => boolean;
    }
  /** It is so already. */
  | { readonly kind: 'done' }
  /** The reason says what is there instead of what was seen. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Replicas and the annotation that remembers them, in one patch. Pure. */
export function composeScale(target: ChangeTarget, { reference, uid, from, to, held }: ScaleChange): ComposedChange {
  const name = formatWorkloadReference(reference);
  if (target.metadata.uid !== uid) return refuse(madeAnew(name));
  const { annotations, resourceVersion } = target.metadata;
  const replicas = target.spec.replicas ?? 1;
  if (replicas !== from)
    return refuse(`${name} wants ${replicas} replicas by now, where it wanted ${from}: somebody else scaled it.`);
  const remembered = annotations?.[HELD_REPLICAS];
  if (held === 'remember' && remembered !== undefined)
    return refuse(
      `${name} has the annotation ${HELD_REPLICAS} already, with "${remembered.slice(0, 40)}": it is held, or was and never released. Release it, or take the annotation away.`,
    );
  const where = ['metadata', 'annotations'];
  return {
    kind: 'patch',
    operations: [
      ...sameObject(uid),
      { op: 'test', path: pointTo('spec', 'replicas'), value: from },
      ...(held === 'leave' ? [] : [testAnnotation(where, annotations, HELD_REPLICAS, resourceVersion)]),
      { op: 'replace', path: pointTo('spec', 'replicas'), value: to },
      ...(held === 'remember' ? [setAnnotation(where, annotations, HELD_REPLICAS, String(from))] : []),
      ...(held === 'forget' && remembered !== undefined
        ? [{ op: 'remove', path: pointTo(...where, HELD_REPLICAS) } as const]
        : []),
    ],
    holds({ metadata, spec }) {
      const now = metadata.annotations?.[HELD_REPLICAS];
      const kept = held === 'remember' ? String(from) : held === 'forget' ? undefined : now;
      return metadata.uid === uid && (spec.replicas ?? 1) === to && now === kept;
    },
  };
}

/** The mark of a restart in the pod template, as `kubectl rollout restart` sets it. Pure. */
export function composeRestart(
  target: ChangeTarget,
  { reference, uid, mark }: { readonly reference: WorkloadReference; readonly uid: string; readonly mark: string },
): ComposedChange {
  const name = formatWorkloadReference(reference);
  if (target.metadata.uid !== uid) return refuse(madeAnew(name));
  const template = target.spec.template.metadata;
  if (template?.annotations?.[RESTARTED_AT] === mark) return { kind: 'done' };
  if (target.spec.paused === true)
    return refuse(`${name} is paused: nothing would be replaced before it is resumed (kubectl rollout resume).`);
  const where = ['spec', 'template', 'metadata', 'annotations'];
  const annotations = template?.annotations;
  return {
    kind: 'patch',
    operations: [
      ...sameObject(uid),
      testAnnotation(where, annotations, RESTARTED_AT, target.metadata.resourceVersion),
      ...(template ? [] : [{ op: 'add', path: pointTo(...where.slice(0, -1)), value: {} } as const]),
      setAnnotation(where, annotations, RESTARTED_AT, mark),
    ],
    holds: ({ metadata, spec }) => metadata.uid === uid && spec.template.metadata?.annotations?.[RESTARTED_AT] === mark,
  };
}

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

function sameObject(uid: string): readonly PatchOperation[] {
  return [{ op: 'test', path: pointTo('metadata', 'uid'), value: uid }];
}

function madeAnew(name: string): string {
  return `${name} was deleted and made anew: it is not the one that was looked at.`;
}

function refuse(reason: string): ComposedChange {
  return { kind: 'refused', reason };
}

/** That a map is absent matters here: it cannot be added to. */
const annotationsSchema = z.record(z.string(), z.string()).nullish();

export const changeTargetSchema = z.object({
  metadata: z.object({ uid: z.string(), resourceVersion: z.string(), annotations: annotationsSchema }),
  spec: z.object({
    replicas: z.number().nullish(),
    paused: z.boolean().nullish(),
    template: z.object({ metadata: z.object({ annotations: annotationsSchema }).nullish() }),
  }),
});
