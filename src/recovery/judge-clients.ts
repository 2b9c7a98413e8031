import { type Observed, seen } from '../model/observed.ts';
import { formatWorkloadReference, type WorkloadReference } from '../model/workload-reference.ts';
import type { RecoveryFacts } from './facts.ts';
import { isGitOps } from './judge-managers.ts';
import { isSame } from './reference-param.ts';

/** How clients are kept away while the server is. */
export interface Holding {
  readonly way: 'pooler' | 'dependents' | 'nobody';
  /** In the order in which they are released; empty unless the way is `dependents`. */
  readonly dependents: readonly WorkloadReference[];
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

type Ground = Pick<RecoveryFacts, 'settings' | 'snapshot' | 'dependents' | 'scalers'>;

/**
 * Through PgBouncer where the server still lets ordinary clients in: its PAUSE waits for their transactions, and would hang
 * with a server that hangs (facts.md, PostgreSQL 16). Else by scaling the dependents to 0. Pure.
 */
export function decideHolding(facts: Ground): Holding {
  const { settings, snapshot } = facts;
  const { admission } = snapshot;
  const answers = admission.ok && admission.value.verdict === 'admitted';
  if (settings.pgbouncer !== null && answers)
    return {
      way: 'pooler',
      dependents: [],
      refusals: [],
      warnings: [
        'Clients are held by PgBouncer (PAUSE), and the dependents are not scaled: the server still answers.',
        // https://www.pgbouncer.org/config.html#query_wait_timeout
        'Whoever waits there for longer than its query_wait_timeout (120 s unless it is set) gets an error and is disconnected, and crash recovery may take longer: set it higher first (SET query_wait_timeout, on its console).',
      ],
    };
  const { dependents, refusals, warnings } = judgeDependents(facts);
  const noPooler =
    settings.pgbouncer === null
      ? []
      : ['The server does not let ordinary clients in, so that PgBouncer would hang in PAUSE: it is not used.'];
  if (dependents.length === 0)
    return {
      way: 'nobody',
      dependents,
      refusals,
      warnings: [
        ...noPooler,
        ...warnings,
        'No client is held: all of them come at once when the server is back. Name them in `dependents`.',
      ],
    };
  const many = dependents.length === 1 ? '1 dependent is' : `${dependents.length} dependents are`;
  return {
    way: 'dependents',
    dependents,
    refusals,
    warnings: [...noPooler, `Clients are held by scaling: ${many} at 0 meanwhile.`, ...warnings],
  };
}

/** The configured ones, once each, and never the server itself. */
export function listDependents({ dependents, workload }: RecoveryFacts['settings']): readonly WorkloadReference[] {
  return dependents.filter(
    (each, index) =>
      dependents.findIndex((other) => isSame(other, each)) === index && (workload === null || !isSame(each, workload)),
  );
}

function judgeDependents(facts: Ground): Pick<Holding, 'dependents' | 'refusals' | 'warnings'> {
  const kept: WorkloadReference[] = [];
  const refusals: string[] = [];
  const warnings: string[] = [];
  for (const reference of listDependents(facts.settings)) {
    const name = formatWorkloadReference(reference);
    const read = facts.dependents.find((each) => isSame(each.reference, reference))?.workload;
    if (!read?.ok) {
      refusals.push(`The dependent ${name} cannot be read: ${read?.reason ?? 'nobody looked'}`);
      continue;
    }
    if (read.value === null) {
      warnings.push(`The dependent ${name} does not exist, and is left out: correct \`dependents\`.`);
      continue;
    }
    const { desired, heldReplicas, managers } = read.value;
    kept.push(reference);
    if (heldReplicas === 'unreadable')
      refusals.push(
        `The annotation breakwater.dev/held-replicas of ${name} is no number: correct it, or take it away.`,
      );
    else if (heldReplicas !== null && desired > 0)
      refusals.push(
        `${name} is scaled to ${desired}, and its annotation says that it is held and had ${heldReplicas}: somebody scaled it by hand. Take the annotation away.`,
      );
    else if (heldReplicas !== null) warnings.push(`${name} is held at 0 already, and had ${heldReplicas}.`);
    else if (desired === 0) warnings.push(`${name} is at 0 already, and is left alone.`);
    for (const manager of managers.filter(isGitOps))
      warnings.push(`${name} is owned by ${manager}, which may scale it back while it is held: suspend its sync.`);
  }
  return { dependents: kept, refusals, warnings: [...warnings, ...judgeScalers(facts.scalers, kept)] };
}

function judgeScalers(scalers: RecoveryFacts['scalers'], dependents: readonly WorkloadReference[]): readonly string[] {
  if (dependents.length === 0) return [];
  const read: NonNullable<typeof scalers> = scalers ?? (seen([], 0) as Observed<never[]>);
  if (!read.ok) return [`Whether an autoscaler would undo a hold is not known: ${read.reason}`];
  return read.value
    .filter(({ target }) => dependents.some((each) => isSame(each, target)))
    .map(
      ({ name, target }) =>
        `${formatWorkloadReference(target)} has the autoscaler ${name}: it rests while that is at 0, and may change its replicas afterwards.`,
    );
}
