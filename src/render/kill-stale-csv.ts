import type { Pod, VanishedPod } from '../model/cluster.ts';
import type { KillFate, KillPod } from '../model/kill-plan.ts';
import { stripInvisible } from '../model/plain-text.ts';
import type { JudgedSession } from '../model/staleness.ts';
import { type CsvCell, writeCsv } from './csv.ts';
import type { MessageFile } from './message.ts';

const JUDGED_COLUMNS = [
  'verdict',
  'reason',
  'application',
  'pid',
  'backend_start',
  'user',
  'database',
  'application_name',
  'address',
  'state',
  'seconds_in_state',
  'seconds_in_transaction',
  'seconds_connected',
  'wait_event',
  'statement',
] as const;

/** Only where orphaned ones were looked for. */
const POD_COLUMNS = ['pod_namespace', 'pod', 'pod_owner', 'pod_revision', 'pod_vanished'] as const;

/** Every session that was looked at, with the verdict on it. Pure. */
export function listJudged(database: string, judged: readonly JudgedSession[]): MessageFile {
  const ofPods = judged.some(({ ownership }) => ownership !== null);
  const rows = judged.map(({ session, application, ownership, verdict }): readonly CsvCell[] => [
    verdict.kind,
    clean(verdict.kind === 'spared' ? verdict.words : (ownership?.words ?? null)),
    clean(application),
    session.pid,
    session.backendStart,
    clean(session.user),
    clean(session.database),
    clean(session.applicationName),
    clean(session.address),
    session.state,
    toSeconds(session.stateMs),
    toSeconds(session.transactionMs),
    toSeconds(session.ageMs),
    clean([session.waitEventType, session.waitEvent].filter(Boolean).join(' ') || null),
    clean(session.statement),
    ...(ofPods ? podCells(ownership && 'pod' in ownership ? ownership.pod : null) : []),
  ]);
  const columns = ofPods ? [...JUDGED_COLUMNS, ...POD_COLUMNS] : JUDGED_COLUMNS;
  return csvFile(database, 'preview', `All ${judged.length} sessions that were looked at`, columns, rows);
}

const FATE_COLUMNS = ['fate', 'reason', 'application', 'pid', 'backend_start', 'user', 'database', 'address'] as const;

/** Every session that was listed, with what became of it. Pure. */
export function listFates(database: string, fates: readonly KillFate[]): MessageFile {
  const ofPods = fates.some(({ target }) => target.pod !== undefined);
  const rows = fates.map(({ target, fate, reason }): readonly CsvCell[] => [
    fate,
    clean(reason),
    clean(target.application),
    target.pid,
    target.backendStart,
    clean(target.user),
    clean(target.database),
    clean(target.address),
    ...(ofPods ? podCells(target.pod ?? null) : []),
  ]);
  return csvFile(
    database,
    'result',
    `What became of the ${fates.length} sessions that were listed`,
    ofPods ? [...FATE_COLUMNS, ...POD_COLUMNS] : FATE_COLUMNS,
    rows,
  );
}

function csvFile(
  database: string,
  stage: string,
  description: string,
  header: readonly string[],
  rows: readonly (readonly CsvCell[])[],
): MessageFile {
  const name = database.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return {
    name: `kill-stale-${name}-${stage}.csv`,
    type: 'text/csv',
    description,
    data: writeCsv(header, rows),
  };
}

/** A living pod has not vanished. */
function podCells(pod: Pod | VanishedPod | KillPod | null): readonly CsvCell[] {
  if (pod === null) return POD_COLUMNS.map(() => null);
  const owner = typeof pod.owner === 'string' || pod.owner === null ? pod.owner : `${pod.owner.kind}/${pod.owner.name}`;
  const revision = 'revision' in pod ? pod.revision : (pod.owner?.revision ?? null);
  const vanished = 'vanishedAt' in pod ? new Date(pod.vanishedAt).toISOString() : null;
  return [clean(pod.namespace), clean(pod.name), clean(owner), clean(revision), vanished];
}

function clean(text: string | null): string | null {
  return text === null ? null : stripInvisible(text);
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 100) / 10;
}
