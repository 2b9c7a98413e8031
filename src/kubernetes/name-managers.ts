import type { Metadata } from './metadata.ts';

type Manager = (metadata: Metadata) => string | null;

/** What manages an object, in words: whoever changes it by hand works against these. Empty when nothing says so. */
export function nameManagers(metadata: Metadata): readonly string[] {
  const owners = (metadata.ownerReferences ?? [])
    .filter(({ controller }) => controller === true)
    .map(({ apiVersion, kind, name }) => `${OPERATORS[groupOf(apiVersion)] ?? groupOf(apiVersion)} (${kind} ${name})`);
  const marks = MARKS.map((mark) => mark(metadata)).filter((named) => named !== null);
  // An operator that owns it also labels it: once is enough.
  const news = marks.filter((mark) => !owners.some((owner) => owner.split(' (')[0] === mark.split(' (')[0]));
  return [...new Set([...owners, ...news])];
}

const CLOUD_NATIVE_PG = 'CloudNativePG';
const ZALANDO = 'Zalando postgres-operator';
const CRUNCHY = 'Crunchy postgres-operator';

const OPERATORS: Readonly<Record<string, string>> = {
  'postgresql.cnpg.io': CLOUD_NATIVE_PG,
  'acid.zalan.do': ZALANDO,
  'postgres-operator.crunchydata.com': CRUNCHY,
};

const MARKS: readonly Manager[] = [
  ({ labels }) => named(CLOUD_NATIVE_PG, 'Cluster', labels['cnpg.io/cluster']),
  // Without owner references unless enable_owner_references is on: https://postgres-operator.readthedocs.io/en/latest/reference/operator_parameters/
  ({ labels }) =>
    labels['application'] === 'spilo' ? named(ZALANDO, 'postgresql', labels['cluster-name'] ?? '') : null,
  ({ labels }) => named(CRUNCHY, 'PostgresCluster', labels['postgres-operator.crunchydata.com/cluster']),
  // `app:group/kind:namespace/name`: https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
  ({ annotations, labels }) =>
    named(
      'Argo CD',
      'application',
      annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'],
    ),
  ({ labels }) => named('Flux', 'Kustomization', labels['kustomize.toolkit.fluxcd.io/name']),
  ({ labels }) => named('Flux', 'HelmRelease', labels['helm.toolkit.fluxcd.io/name']),
  ({ labels, annotations }) =>
    labels['app.kubernetes.io/managed-by'] === 'Helm'
      ? named('Helm', 'release', annotations['meta.helm.sh/release-name'] ?? '')
      : null,
];

function named(manager: string, kind: string, name: string | undefined): string | null {
  if (name === undefined) return null;
  return name === '' ? manager : `${manager} (${kind} ${name})`;
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : apiVersion;
}
