import type { DeleteOptions } from '../kube-api.ts';
import { badRequest, invalid } from '../refusals.ts';
import type { ResourceType } from '../resource-type.ts';
import type { Answer, Call } from './exchange.ts';
import { ok } from './exchange.ts';
import { selectorOf } from './list.ts';
import type { Shape } from './negotiate.ts';
import { representList, representObject } from './represent.ts';
import { isDryRun } from './write.ts';

/** Golden 078–115, 142–149, 257–261, 272–281: what goes at once is answered with a Status, unless its kind has another habit. */
export function deleteOne(call: Call, shape: Shape): Answer {
  const { world, type, route } = call;
  const { options, dryRun } = readOptions(call);
  const act = () => world.api.delete(type, route.namespace, route.name ?? '', options);
  const { object, removed } = dryRun ? world.api.rehearse(act) : act();
  const headers = type.propagation === 'Orphan' && options.propagationPolicy === undefined ? ORPHANED : {};
  if (!removed || type.answersDeleted)
    return { ...ok(representObject(type, object, shape, world.clock.now())), headers };
  return ok(success(type, object.metadata.name, object.metadata.uid));
}

/** Golden 272. */
const ORPHANED = {
  warning:
    '299 - "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning"',
};

/** Golden 280: answers with all of them as they were. */
export function deleteCollection(call: Call, shape: Shape): Answer {
  const { world, type, route } = call;
  const { options, dryRun } = readOptions(call);
  const chosen = world.api.list(type, route.namespace).filter(selectorOf(call));
  const metadata = { resourceVersion: String(world.api.revision()) };
  const act = (): void => {
    for (const { metadata } of chosen) world.api.delete(type, metadata.namespace ?? null, metadata.name, options);
  };
  if (dryRun) world.api.rehearse(act);
  else act();
  return ok(representList(type, chosen, metadata, shape, world.clock.now()));
}

function success({ group, plural }: ResourceType, name: string, uid: string): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group !== '' && { group }), kind: plural, uid },
  };
}

/** Of the body, where there is one, else of the query (golden 096). Throws StatusError 400, 422. */
function readOptions({ body, query }: Call): { readonly options: DeleteOptions; readonly dryRun: boolean } {
  const given = decodeOptions(body.toString('utf8'));
  const grace = query.get('gracePeriodSeconds');
  const orphan = given.orphanDependents ?? { true: true, false: false }[query.get('orphanDependents') ?? ''];
  const policy =
    given.propagationPolicy ??
    query.get('propagationPolicy') ??
    (orphan === undefined ? undefined : orphan ? 'Orphan' : 'Background');
  if (policy !== undefined && !isPolicy(policy)) throw unknownPolicy(policy);
  return {
    options: {
      propagationPolicy: policy,
      gracePeriodSeconds: given.gracePeriodSeconds ?? (grace === null ? undefined : Number(grace)),
      preconditions: given.preconditions,
    },
    dryRun: isDryRun([...(given.dryRun ?? []), ...query.getAll('dryRun')]),
  };
}

interface GivenOptions {
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

function decodeOptions(text: string): GivenOptions {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as GivenOptions;
  } catch {
    throw badRequest(`couldn't get version/kind; json parse error: unexpected end of JSON input`);
  }
}

function isPolicy(text: string): text is NonNullable<DeleteOptions['propagationPolicy']> {
  return ['Foreground', 'Background', 'Orphan'].includes(text);
}

/** Golden 097. */
function unknownPolicy(policy: string): Error {
  return invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
    {
      reason: 'FieldValueNotSupported',
      field: 'propagationPolicy',
      message: `Unsupported value: "${policy}": supported values: "Foreground", "Background", "Orphan", "nil"`,
    },
  ]);
}
