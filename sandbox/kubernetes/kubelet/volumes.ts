import type { Clock } from '../../../src/model/clock.ts';
import type { KubeApi } from '../api/kube-api.ts';
import type { KubeObject } from '../api/object.ts';
import nodes from '../resources/nodes.ts';
import persistentVolumeClaims from '../resources/persistent-volume-claims.ts';
import persistentVolumes from '../resources/persistent-volumes.ts';
import type { TellEvent } from './kubelet-events.ts';

/** A kubelet's volumes: what its pods use, and whether it has arrived. */
export interface Volumes {
  /**
   * Says that this node uses the pod's volumes, and waits until its claims are bound and they are attached here; gives the
   * names of the PersistentVolumes, or null when the signal came first.
   */
  mount(pod: KubeObject, signal: AbortSignal): Promise<readonly string[] | null>;
  /** Says so no more, unless another pod here uses them too. */
  unmount(uid: string): void;
}

/** The kubelet's podAttachAndMountTimeout, and how often it says so then. */
const GIVES_UP_AFTER_MS = 123_000;

export function createVolumes(
  {
    api,
    clock,
    node,
    tell,
  }: { readonly api: KubeApi; readonly clock: Clock; readonly node: string; readonly tell: TellEvent },
  reportInUse: (names: readonly string[]) => void,
): Volumes {
  const inUse = new Map<string, readonly string[]>();
  const report = (): void => reportInUse([...new Set([...inUse.values()].flat())]);

  async function arrive(
    claims: readonly string[],
    namespace: string,
    uid: string,
    signal: AbortSignal,
  ): Promise<readonly string[] | null> {
    const bound = () => findVolumes(api, namespace, claims);
    if (!(await becomesTrue(api, () => bound() !== null, signal))) return null;
    const volumes = bound() ?? [];
    const attachable = volumes.flatMap((volume) => nameOfAttached(volume) ?? []);
    // The attach/detach controller attaches only what the kubelet has asked for, and detaches only what it has let go.
    inUse.set(uid, attachable);
    report();
    const attached = () => attachable.every((name) => isAttached(api, node, name));
    if (!(await becomesTrue(api, attached, signal))) return null;
    return volumes.map(({ metadata }) => metadata.name);
  }

  async function complain(pod: KubeObject, signal: AbortSignal): Promise<void> {
    const volumes: readonly { readonly name: string; readonly persistentVolumeClaim?: object }[] = pod.spec.volumes;
    const names = volumes.filter((each) => each.persistentVolumeClaim !== undefined).map(({ name }) => name);
    const said = `unmounted volumes=[${names.join(' ')}], unattached volumes=[], failed to process volumes=[]`;
    for (;;) {
      await clock.sleep(GIVES_UP_AFTER_MS, signal);
      if (signal.aborted) return;
      const message = `Unable to attach or mount volumes: ${said}: timed out waiting for the condition`;
      tell(pod, 'Warning', 'FailedMount', message);
    }
  }

  return {
    async mount(pod, signal) {
      const { namespace = 'default', uid } = pod.metadata;
      const claims = claimsOf(pod);
      if (claims.length === 0) return [];
      const over = new AbortController();
      void complain(pod, AbortSignal.any([signal, over.signal]));
      const found = await arrive(claims, namespace, uid, signal);
      over.abort();
      return found;
    },
    unmount(uid) {
      if (inUse.delete(uid)) report();
    },
  };
}

function claimsOf({ spec }: KubeObject): readonly string[] {
  const volumes: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[] = spec.volumes ?? [];
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** Null while one of the claims has none. */
function findVolumes(api: KubeApi, namespace: string, claims: readonly string[]): readonly KubeObject[] | null {
  const found = claims.map((claim) => {
    const name: string | undefined = api.get(persistentVolumeClaims, namespace, claim)?.spec.volumeName;
    return name === undefined ? null : api.get(persistentVolumes, null, name);
  });
  return found.every((each) => each !== null) ? found : null;
}

/** As nodes name it; null for a volume that nothing has to attach. */
function nameOfAttached({ spec }: KubeObject): string | null {
  return spec.csi === undefined ? null : `kubernetes.io/csi/${spec.csi.driver}^${spec.csi.volumeHandle}`;
}

function isAttached(api: KubeApi, node: string, name: string): boolean {
  const attached: readonly { readonly name: string }[] = api.get(nodes, null, node)?.status?.volumesAttached ?? [];
  return attached.some((each) => each.name === name);
}

/** Looks again after each change of the cluster; false when the signal came first. */
function becomesTrue(api: KubeApi, holds: () => boolean, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (result: boolean): void => {
      unwatch();
      signal.removeEventListener('abort', give);
      resolve(result);
    };
    const give = (): void => done(false);
    const unwatch = api.watch(() => {
      if (holds()) done(true);
    });
    signal.addEventListener('abort', give, { once: true });
    if (signal.aborted) done(false);
    else if (holds()) done(true);
  });
}
