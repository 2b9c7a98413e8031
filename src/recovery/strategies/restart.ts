import { NOBODY_TRIES } from '../../model/admission.ts';
import { formatWorkloadReference, type WorkloadReference } from '../../model/workload-reference.ts';
import type { RecoveryFacts, RecoverySettings } from '../facts.ts';
import { findUnhealthy } from '../find-unhealthy.ts';
import { gatherServer } from '../gather-server.ts';
import { type BackupFault, judgeBackups } from '../judge-backups.ts';
import { decideHolding, type Holding, listDependents } from '../judge-clients.ts';
import { judgeManagers } from '../judge-managers.ts';
import { findServerFaults } from '../judge-server.ts';
import type { Override, PlanStep } from '../plan.ts';
import { isSame, stepIdOf } from '../reference-param.ts';
import { PROVE_STOPPED, STOP_SERVER } from '../server-trace.ts';
import type { Composed, Outlined, Strategy } from '../strategy.ts';

export default {
  name: 'restart',
  rung: 4,
  summary:
    'For a server that hangs or lets nobody in though its node and its volume are well. Stops it, proves that it is gone, starts it, and brings its clients back one after the other.',
  impact:
    'The database is away for about a minute, longer when it has to recover; held clients are away until they are released.',
  approval: 'second',
  plan,
  outline,
} satisfies Strategy;

function plan(facts: RecoveryFacts): Composed {
  const { settings } = facts;
  const server = gatherServer(facts);
  const holding = decideHolding(facts);
  const reasons = [
    ...judgeRecovering(facts),
    ...(server.ok ? findServerFaults(server.value) : server.reasons),
    ...judgeServerScalers(facts),
    ...holding.refusals,
  ];
  if (!server.ok || reasons.length > 0) return { kind: 'refused', reasons };
  const { reference, claim, workload } = server.value;
  const managers = judgeManagers(workload);
  const backup = settings.backup;
  const faults = backup && facts.backups ? judgeBackups(facts.backups, backup.maxAgeMs, facts.at) : [];
  return {
    kind: 'plan',
    steps: compose(settings, reference, claim, holding, faults, listUnhealthy(facts)),
    warnings: [
      ...managers.warnings,
      ...(reference.kind === 'deployment' && workload.strategy === 'RollingUpdate'
        ? [
            `${formatWorkloadReference(reference)} has the strategy RollingUpdate: a rollout would start a second server beside the first. Set it to Recreate.`,
          ]
        : []),
      ...holding.warnings,
      ...judgeCanary(facts),
      ...warnOfBackups(facts, faults),
    ],
    overrides: [...managers.overrides, ...overrideBackup(faults)],
  };
}

/** As if all were well. */
function outline(settings: RecoverySettings): Outlined {
  const { workload, claim, pgbouncer } = settings;
  if (workload === null) return { kind: 'not-configured', reason: 'No `workload` is configured for the database.' };
  if (claim === null) return { kind: 'not-configured', reason: 'No `claim` is configured for the database.' };
  const dependents = listDependents(settings);
  const way = dependents.length > 0 ? 'dependents' : pgbouncer === null ? 'nobody' : 'pooler';
  return { kind: 'steps', steps: compose(settings, workload, claim, { way, dependents }, [], []) };
}

function compose(
  settings: RecoverySettings,
  reference: WorkloadReference,
  claimed: WorkloadReference,
  holding: Pick<Holding, 'way' | 'dependents'>,
  faults: readonly BackupFault[],
  unhealthy: readonly string[],
): readonly PlanStep[] {
  const { backup, connection, pgbouncer, dependents } = settings;
  const workload = formatWorkloadReference(reference);
  const claim = formatWorkloadReference(claimed);
  const accepted = faults.map(({ kind }) => kind).toSorted();
  const namespaces = [...new Set([reference, ...dependents].map(({ namespace }) => namespace))].toSorted();
  return [
    { id: 'capture-evidence', kind: 'capture-evidence', params: { workload, claim } },
    ...(backup
      ? [
          {
            id: 'check-backup',
            kind: 'check-backup',
            params: { cronJob: formatWorkloadReference(backup.cronJob), maxAgeMs: backup.maxAgeMs, accepted },
          },
        ]
      : []),
    ...(holding.way === 'pooler' && pgbouncer
      ? [{ id: 'pause-pooler', kind: 'pause-pooler', params: { ...pgbouncer } }]
      : []),
    // The last to come back is the first to go (contract.md, fine print 11).
    ...holding.dependents.toReversed().map((each) => stepFor('hold-client', each)),
    { id: STOP_SERVER, kind: STOP_SERVER, params: { workload, claim } },
    { id: PROVE_STOPPED, kind: PROVE_STOPPED, params: { workload, claim } },
    { id: 'start-server', kind: 'start-server', params: { workload, claim } },
    { id: 'await-admission', kind: 'await-admission', params: { ...connection } },
    { id: 'probe-write', kind: 'probe-write', params: { ...connection } },
    ...(holding.way === 'pooler' && pgbouncer
      ? [{ id: 'resume-pooler', kind: 'resume-pooler', params: { ...pgbouncer } }]
      : []),
    ...holding.dependents.map((each) => stepFor('release-client', each)),
    { id: 'check-workloads', kind: 'check-workloads', params: { namespaces }, shown: { unhealthy } },
  ];
}

function stepFor(kind: string, reference: WorkloadReference): PlanStep {
  return { id: stepIdOf(kind, reference), kind, params: { workload: formatWorkloadReference(reference) } };
}

function listUnhealthy({ neighbours }: RecoveryFacts): readonly string[] {
  if (!neighbours?.ok) return [];
  return findUnhealthy(neighbours.value)
    .map(({ reference }) => formatWorkloadReference(reference))
    .toSorted();
}

/** A restart would begin the recovery again (product.md §1). */
function judgeRecovering({ snapshot: { admission } }: RecoveryFacts): readonly string[] {
  if (!admission.ok) return [];
  const { verdict } = admission.value;
  if (verdict !== 'crash-recovery' && verdict !== 'starting') return [];
  const what = verdict === 'starting' ? 'is starting up' : 'is in crash recovery';
  return [`PostgreSQL ${what}: wait, do not restart it, as a restart would begin that again.`];
}

function judgeServerScalers({ scalers, settings: { workload } }: RecoveryFacts): readonly string[] {
  if (workload === null || !scalers?.ok) return [];
  return scalers.value
    .filter(({ target }) => isSame(target, workload))
    .map(
      ({ name }) => `The autoscaler ${name} scales the server: it could start one without proof. Take it away first.`,
    );
}

function judgeCanary({ snapshot: { admission } }: RecoveryFacts): readonly string[] {
  const nobody = admission.ok ? admission.value.inferred : admission.reason === NOBODY_TRIES;
  return nobody
    ? ["No canary role is configured: that ordinary clients get in is inferred from the bot's own connection."]
    : [];
}

function warnOfBackups({ settings, backups }: RecoveryFacts, faults: readonly BackupFault[]): readonly string[] {
  if (settings.backup === null) return ['No `backup` is configured: nobody knows whether there is one.'];
  const runs = backups?.ok && backups.value?.jobs.some(({ state }) => state === 'running');
  return [
    ...faults.map(({ words }) => `Backup: ${words}.`),
    ...(runs ? ['A backup is running: the restart ends it.'] : []),
  ];
}

function overrideBackup(faults: readonly BackupFault[]): readonly Override[] {
  if (faults.length === 0) return [];
  return [{ word: 'no backup', because: `Should the data be lost: ${faults.map(({ words }) => words).join('; ')}.` }];
}
