/**
 * Preloaded into a bot (`node --import`): counts the commits that write to a stream `recoveries/…` or `evidence/…`, tells each to the file
 * CRASH_TOLD as a line of JSON, and kills the process with SIGKILL before or after the one that CRASH_POINT names, by
 * CRASH_SIDE. Without CRASH_POINT it only counts. The program itself stays as it is.
 */
import { appendFileSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';

const STREAMS = /^(recoveries|evidence)\//;
const point = Number(process.env['CRASH_POINT'] ?? Number.NaN);
const side = process.env['CRASH_SIDE'] ?? 'before';
const told = process.env['CRASH_TOLD'] ?? '';

let commits = 0;
let written: string[] = [];

type Method<Self> = (this: Self, ...values: readonly unknown[]) => unknown;
const exec = Reflect.get(DatabaseSync.prototype, 'exec') as Method<DatabaseSync>;
const run = Reflect.get(StatementSync.prototype, 'run') as Method<StatementSync>;

const watchedExec: Method<DatabaseSync> = function watched(sql) {
  const [verb = ''] = /^\s*\w+/.exec(String(sql)) ?? [];
  if (/begin|rollback/i.test(verb)) written = [];
  const counts = /commit/i.test(verb) && written.length > 0;
  if (counts) commits += 1;
  const dies = counts && commits === point;
  if (dies && side === 'before') die();
  exec.call(this, sql);
  if (counts) appendFileSync(told, `${JSON.stringify({ commit: commits, wrote: written })}\n`);
  if (dies) die();
  if (counts) written = [];
};

const watchedRun: Method<StatementSync> = function watched(...values) {
  const [stream, , type, , , , data] = values;
  const isEvent = /^\s*insert into event\b/i.test(this.sourceSQL);
  if (isEvent && typeof stream === 'string' && STREAMS.test(stream)) written.push(name(type, data));
  return run.apply(this, [...values]);
};

Object.assign(DatabaseSync.prototype, { exec: watchedExec });
Object.assign(StatementSync.prototype, { run: watchedRun });

/** Only the kernel sees it coming. */
function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;); // Nothing more is done, however long the signal takes.
}

/** As in `began hold-client:default/deployment/site`: the event with the step that it is about, where it says one. */
function name(type: unknown, data: unknown): string {
  const { step } = JSON.parse(String(data)) as { readonly step?: unknown };
  return [type, step].filter((part) => typeof part === 'string').join(' ');
}
