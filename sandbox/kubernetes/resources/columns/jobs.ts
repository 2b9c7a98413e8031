import type { KubeObject } from '../../api/object.ts';
import type { Column } from '../../api/resource-type.ts';
import { AGE, ageOf, CONTAINERS, printDuration, SELECTOR } from './cells.ts';

export const JOB_COLUMNS: readonly Column[] = [
  { name: 'Status', cell: printStatus },
  { name: 'Completions', cell: ({ spec, status }) => `${status?.succeeded ?? 0}/${spec?.completions ?? 1}` },
  { name: 'Duration', cell: printLength },
  AGE,
  ...CONTAINERS,
  SELECTOR,
];

export const CRON_JOB_COLUMNS: readonly Column[] = [
  { name: 'Schedule', cell: ({ spec }) => String(spec?.schedule ?? '') },
  { name: 'Timezone', cell: ({ spec }) => String(spec?.timeZone ?? '<none>') },
  { name: 'Suspend', cell: ({ spec }) => (spec?.suspend ? 'True' : 'False') },
  { name: 'Active', type: 'integer', cell: ({ status }) => status?.active?.length ?? 0 },
  {
    name: 'Last Schedule',
    cell: ({ status }, now) => (status?.lastScheduleTime ? ageOf(status.lastScheduleTime, now) : '<none>'),
  },
  AGE,
];

function printStatus({ status, spec, metadata }: KubeObject): string {
  const conditions = (status?.conditions ?? []) as readonly { readonly type: string; readonly status: string }[];
  const is = (wanted: string): boolean => conditions.some(({ type, status }) => type === wanted && status === 'True');
  if (is('Complete')) return 'Complete';
  if (is('Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  return is('Suspended') || spec?.suspend ? 'Suspended' : is('FailureTarget') ? 'FailureTarget' : 'Running';
}

function printLength({ status }: KubeObject, now: number): string {
  if (!status?.startTime) return '';
  const end = status.completionTime ? Date.parse(String(status.completionTime)) : now;
  return printDuration((end - Date.parse(String(status.startTime))) / 1_000);
}
