import { type Draft, draftsIn, fill, within } from './defaults.ts';

/** What the server fills into the spec of any pod, also into a template's (golden 008). */
export function fillPodSpec(spec: Draft): void {
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  const account: unknown = spec['serviceAccountName'] ?? spec['serviceAccount'];
  if (account !== undefined) fill(spec, { serviceAccountName: account, serviceAccount: account });
  for (const container of [...draftsIn(spec['initContainers']), ...draftsIn(spec['containers'])])
    fillContainer(container);
  for (const volume of draftsIn(spec['volumes'])) fillVolume(volume);
}

/** The template of a workload. */
export function fillTemplate(spec: Draft): void {
  const template = within(spec, 'template');
  const metadata = within(template, 'metadata');
  for (const field of ['labels', 'annotations']) if (isEmpty(metadata[field])) delete metadata[field];
  fillPodSpec(within(template, 'spec'));
}

/** What is filled in for a pod of its own, by the server's admission too (golden 012). */
export function fillPod(spec: Draft): void {
  fillPodSpec(spec);
  fill(spec, {
    serviceAccountName: 'default',
    serviceAccount: 'default',
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  });
  const tolerations = [...draftsIn(spec['tolerations'])];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const tolerates = (one: Draft) =>
      (one['key'] === key || !one['key']) && (one['effect'] ?? 'NoExecute') === 'NoExecute';
    if (!tolerations.some(tolerates))
      tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  spec['tolerations'] = tolerations;
}

/** How a pod fares when its node runs out of memory. */
export function qosClassOf(spec: Draft): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const wanted = draftsIn(spec['containers']).map(({ resources }) => (resources ?? {}) as Draft);
  if (wanted.every(({ limits, requests }) => isEmpty(limits) && isEmpty(requests))) return 'BestEffort';
  const isFull = ({ limits = {}, requests = limits }: Draft) =>
    ['cpu', 'memory'].every((name) => limits[name] !== undefined && limits[name] === requests[name]);
  return wanted.every(isFull) ? 'Guaranteed' : 'Burstable';
}

function isEmpty(map: unknown): boolean {
  return Object.keys(map ?? {}).length === 0;
}

function fillContainer(container: Draft): void {
  fill(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicyOf(String(container['image'] ?? '')),
  });
  for (const port of draftsIn(container['ports'])) fill(port, { protocol: 'TCP' });
  for (const { valueFrom } of draftsIn(container['env']))
    if (valueFrom?.fieldRef) fill(valueFrom.fieldRef, { apiVersion: 'v1' });
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe: unknown = container[name];
    if (typeof probe === 'object' && probe !== null)
      fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  }
}

/** An image without a tag may have changed behind its name. */
function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
  const [, tag] = /:([^/:]+)$/.exec(image) ?? [];
  return !image.includes('@') && (tag === undefined || tag === 'latest') ? 'Always' : 'IfNotPresent';
}

function fillVolume(volume: Draft): void {
  for (const kind of ['secret', 'configMap', 'projected', 'downwardAPI'])
    if (volume[kind]) fill(volume[kind] as Draft, { defaultMode: 420 });
  if (volume['hostPath']) fill(volume['hostPath'] as Draft, { type: '' });
}
