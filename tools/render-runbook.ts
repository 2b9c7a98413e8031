import { existsSync, readdirSync } from 'node:fs';
import { loadRules } from '../src/alerts/rule-catalogue.ts';
import type { DatabaseConfig } from '../src/config/config.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { parseWorkloadReference, type WorkloadReference } from '../src/model/workload-reference.ts';
import { composeRunbook } from '../src/recovery/compose-runbook.ts';
import type { RecoverySettings } from '../src/recovery/facts.ts';
import type { StepCatalogue } from '../src/recovery/next-task.ts';
import type { RecoveryStep } from '../src/recovery/step.ts';
import type { Strategy } from '../src/recovery/strategy.ts';
import { renderRunbookMarkdown } from '../src/render/runbook.ts';

const RECOVERY = new URL('../src/recovery/', import.meta.url);

/** docs/runbook.md, from the strategies and steps and breakwater.example.yaml; null while there are no strategies. */
export async function renderExampleRunbook(): Promise<string | null> {
  const strategies = new URL('strategies/', RECOVERY);
  if (!existsSync(strategies) || readdirSync(strategies).length === 0) return null;
  const { loadStrategies } = await import(new URL('strategy-catalogue.ts', RECOVERY).href);
  const { loadSteps } = await import(new URL('step-catalogue.ts', RECOVERY).href);
  const loaded: readonly Strategy[] = [...(await loadStrategies()).values()];
  const runbook = composeRunbook(await readExample(), loaded, byKind(await loadSteps()));
  return renderRunbookMarkdown(runbook, [
    '<!-- Generated from src/recovery/strategies/ and src/recovery/steps/ by `npm run docs`. -->',
    '',
    'Written from the same steps that the bot carries out, for the names of [breakwater.example.yaml](../breakwater.example.yaml);',
    '`/runbook` writes it for yours.',
    '',
  ]);
}

function byKind(steps: Iterable<RecoveryStep> | StepCatalogue): StepCatalogue {
  return steps instanceof Map
    ? steps
    : new Map([...(steps as Iterable<RecoveryStep>)].map((each) => [each.kind, each]));
}

async function readExample(): Promise<RecoverySettings> {
  const path = new URL('../breakwater.example.yaml', import.meta.url).pathname;
  const loaded = loadConfig({ path, env: {}, rules: await loadRules(), secrets: 'ignored' });
  if (!loaded.ok) throw new Error(`breakwater.example.yaml: ${JSON.stringify(loaded.faults)}`);
  return settingsOf(loaded.config.databases[0]);
}

function settingsOf(database: DatabaseConfig): RecoverySettings {
  const { name, connection, applications, protect, workload, claim, dependents, backup, pgbouncer, volume } = database;
  return {
    database: name,
    applications,
    protect,
    workload: workload === undefined ? null : reference(workload),
    claim: claim === undefined ? null : reference(claim),
    dependents: dependents.map(reference),
    backup: backup === undefined ? null : { cronJob: reference(backup.cronJob), maxAgeMs: backup.maxAgeMs },
    connection: { host: connection.host, port: connection.port, database: connection.database },
    pgbouncer: pgbouncer?.connection ?? null,
    volume: volume ?? null,
  };
}

function reference(text: string): WorkloadReference {
  const parsed = parseWorkloadReference(text);
  if (parsed === null) throw new Error(`${text} is no reference`);
  return parsed;
}
