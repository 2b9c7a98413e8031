import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';
import { type Exchange, sightingsIn } from './recording.ts';
import { demand, type ReplayWorld } from './replay-world.ts';
import { undeleted } from './undone.ts';

/** What happened beside the recorded requests, right before one of them. Answers how many objects it touched. */
export async function beforehand(world: ReplayWorld, exchange: Exchange, all: readonly Exchange[]): Promise<number> {
  const shown = (id: string): KubeObject => {
    const found = sightingsIn(all.find((one) => one.id === id)?.response.body)[0]?.object;
    if (!found) throw new Error(`${id} shows no object`);
    return found;
  };
  const found = (kind: string, name: string): KubeObject => {
    const seen = all.flatMap(({ response }) => sightingsIn(response.body));
    const states = seen.filter(({ object }) => object.kind === kind && object.metadata.name === name);
    const [first] = states.toSorted(
      (a, b) => Number(a.object.metadata.resourceVersion) - Number(b.object.metadata.resourceVersion),
    );
    if (!first) throw new Error(`${kind} ${name} is shown nowhere`);
    return first.object;
  };
  return (await STEPS[exchange.id]?.({ world, shown, found })) ?? 0;
}

/** The request's body as it was sent: the recording abridges long texts, and what stands around them. */
export function bodyOf({ id, request }: Exchange): string | null {
  if (request.body === undefined) return null;
  if (typeof request.body === 'string') return request.body;
  const body = MENDED[id] ? { ...(request.body as object), ...MENDED[id] } : request.body;
  return expand(JSON.stringify(body));
}

/** As in `<1048575 times x>`. */
export function expand(text: string): string {
  return text.replace(/<(\d+) times x>/g, (_, count: string) => 'x'.repeat(Number(count)));
}

/** What the recorded server refused and this one would do is rehearsed: it must not show afterwards. */
export function pathOf({ request, response }: Exchange): string {
  if (request.method === 'GET' || response.status < 400) return request.path;
  return `${request.path}${request.path.includes('?') ? '&' : '?'}dryRun=All`;
}

/** How far things had come where the answer names no resourceVersion. */
export const REACHED: Readonly<Record<string, number>> = { '163': 673, '301': 1_014 };

const MENDED: Readonly<Record<string, object>> = {
  '224': { metadata: { name: 'big-ok' } },
  '228': { apiVersion: 'v1', metadata: { name: 'big' } },
};

interface Scene {
  readonly world: ReplayWorld;
  /** The object that an exchange answers with. */
  readonly shown: (id: string) => KubeObject;
  /** The oldest state of an object that any exchange shows. */
  readonly found: (kind: string, name: string) => KubeObject;
}

type Step = (scene: Scene) => number | Promise<number>;

const ADMIN = { authorization: 'Bearer admin-token', accept: 'application/json' };
const MERGE = { ...ADMIN, 'content-type': 'application/merge-patch+json' };
const GOLDEN = '/api/v1/namespaces/golden';
const WEAK = { namespace: 'golden', name: 'weak' };

/** The object is there, made from one that is shown. */
function be(make: (scene: Scene) => KubeObject): Step {
  return (scene) => Number(scene.world.become({ object: make(scene), deleted: false }));
}

/** Somebody else took it away: a controller, a kubelet, an unrecorded request. */
function gone(group: string, plural: string, namespace: string | null, name: string): Step {
  return ({ world: { server, vanish } }) => {
    vanish(demand(server.api, group, plural), namespace, name);
    return 1;
  };
}

function request(method: string, path: string, headers: Readonly<Record<string, string>>, body: object): Step {
  return async ({ world }) => {
    const { status } = await world.send(method, path, headers, JSON.stringify(body));
    if (status >= 300) throw new Error(`${method} ${path}: ${status}`);
    return 1;
  };
}

function another(object: KubeObject, metadata: Partial<KubeObject['metadata']>): KubeObject {
  const copy = structuredClone(object);
  return { ...copy, metadata: { ...copy.metadata, ...metadata } };
}

/** A deployment like the one that was deleted in the foreground. */
function deployment(name: string, uid: string, resourceVersion: string): Step {
  return be(({ shown }) => another(undeleted(shown('078')), { name, uid, resourceVersion, labels: { app: name } }));
}

/** The server is in trouble for one request: no shares left, or no etcd. */
function refusing(code: 429 | 504): Step {
  return ({ world }) => (world.server.faults.set({ kind: 'refuse', code, times: 1 }), 0);
}

const STEPS: Readonly<Record<string, Step>> = {
  // Two changes of the spec are not in the recording.
  '046': be(({ shown }) => {
    const before = another(shown('046'), { generation: 4, resourceVersion: '357' });
    return { ...before, spec: { ...before.spec, replicas: 2 } };
  }),
  '047': be(({ found }) => found('ConfigMap', 'upd')),
  '063': be(({ found }) => found('ConfigMap', 'imm')),
  '065': be(({ shown }) => shown('065')),
  '069': request('PATCH', '/apis/apps/v1/namespaces/golden/deployments/ssa?fieldManager=kubectl-scale', MERGE, {
    spec: { replicas: 3 },
  }),
  '082': gone('apps', 'deployments', 'golden', 'fg'),
  '083': deployment('bg', '9094c315-3b36-4b46-80b7-b099fe8eb5d7', '490'),
  '090': gone('apps', 'deployments', 'golden', 'orph'),
  '091': deployment('dflt', '4c4fee53-5ead-4452-b902-b45f24eec608', '540'),
  '094': deployment('pre', '435f1ae6-7ddc-4843-a2e2-0caf974a47c6', '556'),
  '107': gone('', 'pods', 'golden', 'p1'),
  '117': be(({ shown }) => {
    const pod = another(undeleted(shown('113')), { name: 'p5', uid: '5', resourceVersion: '592' });
    delete pod.metadata.finalizers;
    return { ...pod, spec: { ...pod.spec, nodeName: 'node-a' } };
  }),
  '122': be(({ shown }) => another(undeleted(shown('125')), { resourceVersion: '597' })),
  '137': gone(
    'storage.k8s.io',
    'volumeattachments',
    null,
    'csi-eca5be68e4d455166a9333c65b17aa323576bc84080a23acc4eb209d55fab380',
  ),
  '139': gone('', 'pods', 'golden', 'p5'),
  '148': be(({ shown }) => another(shown('149'), { resourceVersion: '628' })),
  '152': gone('', 'persistentvolumeclaims', 'golden', 'pg-data'),
  '179': ({ world: { server, vanish } }) => {
    const pods = demand(server.api, '', 'pods');
    const others = server.api.list(pods, 'golden').filter(({ metadata }) => metadata.labels?.['app'] !== 'orph');
    for (const { metadata } of others) vanish(pods, 'golden', metadata.name);
    return others.length;
  },
  '183': ({ world }) => {
    const metadata = { ...WEAK, uid: 'c4129627-25c3-4f7a-8f2c-5fa31b8d38ed', resourceVersion: '703' };
    const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata } as KubeObject;
    world.become({ object, deleted: false });
    world.access.tokens.grant(world.server.api, '<service account token>', WEAK);
    return 1;
  },
  '212': gone('', 'serviceaccounts', 'golden', 'weak'),
  '259': request('PATCH', '/apis/sim.example/v1/namespaces/golden/widgets/three', MERGE, {
    metadata: { finalizers: ['sim.example/hold'] },
  }),
  '281': request(
    'POST',
    `${GOLDEN}/configmaps`,
    { ...ADMIN, 'content-type': 'application/json' },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', finalizers: ['example.com/hold'] },
    },
  ),
  '284': gone('', 'namespaces', null, 'golden'),
  '301': ({ world }) => (world.passUntil(1_015), world.server.faults.compact(), 0),
  '279': refusing(429),
  '312': refusing(504),
  '313': refusing(504),
  '314': refusing(504),
  '319': be(({ shown }) => another(undeleted(shown('321')), { resourceVersion: '1060' })),
};
