import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import type { PodOwner } from '../model/cluster.ts';
import type { KubernetesClient } from './client.ts';
import type { Intern } from './interner.ts';
import { listAll } from './list-all.ts';
import { metadataSchema } from './metadata.ts';

/** Who owns what a ReplicaSet made. */
export interface ReplicaSetOwners {
  /** By the ReplicaSet's uid; null: it was looked for, and is gone. */
  known(): ReadonlyMap<string, PodOwner | null>;
  /** Asks about those that are not known yet, and forgets those that nobody wants any more. Rejects with ApiError, or ZodError. */
  learn(wanted: ReadonlySet<string>, deadlineMs?: number): Promise<void>;
}

/** Their metadata alone: a ReplicaSet carries a whole pod template. */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

export function createReplicaSetOwners(client: KubernetesClient, clock: Clock, intern: Intern): ReplicaSetOwners {
  let known: ReadonlyMap<string, PodOwner | null> = new Map();
  return {
    known: () => known,
    async learn(wanted, deadlineMs) {
      if ([...wanted].every((uid) => known.has(uid))) return;
      const { items } = await listAll(client, clock, {
        path: '/apis/apps/v1/replicasets',
        accept: METADATA_ONLY,
        parse: (object) => readOwner(object, wanted, intern),
        ...(deadlineMs !== undefined && { deadlineMs }),
      });
      const found = new Map(items.filter((item) => item !== null));
      known = new Map([...wanted].map((uid) => [uid, found.get(uid) ?? known.get(uid) ?? null]));
    },
  };
}

function readOwner(object: unknown, wanted: ReadonlySet<string>, intern: Intern): readonly [string, PodOwner] | null {
  const { metadata } = replicaSetSchema.parse(object);
  if (!wanted.has(metadata.uid)) return null;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const revision = metadata.annotations['deployment.kubernetes.io/revision'];
  return [
    metadata.uid,
    {
      kind: intern(owner?.kind ?? 'ReplicaSet'),
      name: intern(owner?.name ?? metadata.name),
      revision: revision === undefined ? null : intern(revision),
    },
  ];
}

const replicaSetSchema = z.object({ metadata: metadataSchema });
