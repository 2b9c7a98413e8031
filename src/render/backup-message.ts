import type { BackupJob, BackupProgress, BackupReport, Backups } from '../model/backup.ts';
import { compareSizes, findBefore, lastSuccessOf } from '../model/compare-backups.ts';
import { formatDuration } from '../model/duration.ts';
import { formatWorkloadReference } from '../model/workload-reference.ts';
import { joinLines } from './join-lines.ts';
import { type Button, COLOURS, type Message, timestamp } from './message.ts';
import { referTo } from './name-reference.ts';
import { codeUntrusted, escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** `/db backup-run`: how far the backup has come. Edited in place until it is over. Pure. */
export function renderBackupProgress({ run, job, before, suspended, at }: BackupProgress): Message {
  const { database, how, by, askedAt } = run;
  const name = escapeUntrusted(database, 40);
  const asked = `${how === 'started' ? 'Started' : 'One was running already: joined'} by <@${by}> ${timestamp(askedAt)} (\`${codeUntrusted(run.job.name)}\`)`;
  const frame = { footer: plainUntrusted(`${database} · backup`, 200), timestamp: at };
  const buttons = [statusButton(database)];
  if (!job.ok) {
    const why = `How far it has come is unknown: ${escapeUntrusted(job.reason, 300)}`;
    return {
      embed: {
        title: `${name}: backup, state unknown`,
        description: `${why}\n${asked}`,
        colour: COLOURS.unknown,
        ...frame,
      },
      buttons,
    };
  }
  if (job.value === null) {
    const why = 'Its Job has been deleted; what became of it is unknown. `/db backup-status` shows the last success.';
    return {
      embed: {
        title: `${name}: the backup's Job is gone`,
        description: `${why}\n${asked}`,
        colour: COLOURS.unknown,
        ...frame,
      },
      buttons,
    };
  }
  const { title, colour, lines } = describeJob(job.value, before);
  return {
    embed: {
      title: `${name}: ${title}`,
      description: [
        ...lines,
        ...(suspended
          ? ['⚠️ **Its CronJob is suspended**: no other starts by itself. **Backups** says how to resume it.']
          : []),
        ...renderLog(job.value),
        asked,
      ].join('\n'),
      colour,
      ...frame,
    },
    buttons: job.value.state === 'failed' ? [...buttons, runButton(database, 'Back up again')] : buttons,
  };
}

function describeJob(job: BackupJob, before: BackupJob | null) {
  const took = job.endedAt === null ? null : formatDuration(job.endedAt - (job.startedAt ?? job.createdAt));
  if (job.state === 'succeeded') {
    const size = compareSizes(job, before);
    const shrank = size?.shrank === true;
    return {
      title: `backup succeeded${took === null ? '' : ` in ${took}`}`,
      colour: shrank ? COLOURS.warning : COLOURS.resolved,
      lines: [
        size === null ? NO_SIZE : `Size: ${emphasise(size.words)}`,
        ...(shrank ? ['⚠️ It is much smaller than the one before: look into it before you rely on it.'] : []),
      ],
    };
  }
  if (job.state === 'failed') {
    const why = job.reason === null ? '' : ` (${escapeUntrusted(job.reason, 300)})`;
    return {
      title: `backup failed${took === null ? '' : ` after ${took}`}`,
      colour: COLOURS.critical,
      lines: [
        before === null
          ? '**There is no new backup**, and no successful one before it is known.'
          : `**There is no new backup**: the last that succeeded ended ${timestamp(before.endedAt ?? before.createdAt)}.`,
        `Mend what it says, and back up again.${why}`,
      ],
    };
  }
  const started = job.startedAt === null ? 'Its pod has not started yet.' : `It began ${timestamp(job.startedAt)}.`;
  return {
    title: job.startedAt === null ? 'backup is starting…' : 'backup is running…',
    colour: COLOURS.calm,
    lines: [started, ...(job.reason === null ? [] : [`⚠️ ${escapeUntrusted(job.reason, 300)}`])],
  };
}

const NO_SIZE = 'It told no size: a line `size_bytes=…` at the end of its log would be compared with the one before.';

/** The size in bold, and plainly how it compares. */
function emphasise(words: string): string {
  const [size = '', ...rest] = words.split(/(?=[,;])/);
  return `**${size}**${rest.join('')}`;
}

function renderLog({ lastLines }: BackupJob): readonly string[] {
  if (lastLines.length === 0) return [];
  return ['```', ...lastLines.slice(-LINES).map((line) => codeUntrusted(line, 120)), '```'];
}

const LINES = 4;

/** `/db backup-status`: age, result and size of the last ones. Pure. */
export function renderBackupReport({ database, at, maxAgeMs, backups }: BackupReport): Message {
  const { jobs, schedule, suspended, cronJob } = backups;
  const lastAt = lastSuccessOf(backups);
  const stale = lastAt === null || at - lastAt > maxAgeMs;
  const ended = jobs.find(({ state }) => state !== 'running');
  const shrank = ended?.state === 'succeeded' && compareSizes(ended, findBefore(ended, jobs))?.shrank === true;
  const warnings = [
    ...(ended?.state === 'failed'
      ? [`⚠️ **The last one failed** ${timestamp(ended.endedAt ?? ended.createdAt)}: mend that, and back up again.`]
      : []),
    ...(shrank ? [SHRANK] : []),
    ...(suspended ? [SUSPENDED, ...renderResume(cronJob)] : []),
  ];
  const lines = jobs.map((job) => renderJobLine(job, findBefore(job, jobs)));
  return {
    embed: {
      title: `${escapeUntrusted(database, 40)}: ${describeAge(lastAt, stale, maxAgeMs)}`,
      description: [
        lastAt === null
          ? 'Back up now, and find out why there is none.'
          : `The last that succeeded ended ${timestamp(lastAt)}.`,
        ...warnings,
        `Schedule: \`${codeUntrusted(schedule)}\` (\`${codeUntrusted(formatWorkloadReference(cronJob))}\`)`,
      ].join('\n'),
      colour: warnings.length > 0 || stale ? COLOURS.warning : COLOURS.resolved,
      fields: [{ name: 'The last ones', value: joinLines(lines, 1024) || 'None that Kubernetes still remembers.' }],
      footer: plainUntrusted(`${database} · backups`, 200),
      timestamp: at,
    },
    buttons: [statusButton(database, 'Refresh', 'refresh'), runButton(database)],
  };
}

/** True for as long as the message stands unread, unlike an age; the description has that. */
function describeAge(lastAt: number | null, stale: boolean, maxAgeMs: number): string {
  if (lastAt === null) return 'no successful backup is known';
  return stale ? `no backup for more than ${formatDuration(maxAgeMs)}` : `backed up within ${formatDuration(maxAgeMs)}`;
}

const SHRANK = '⚠️ **The last one is much smaller** than the one before: look into it before you rely on it.';
const SUSPENDED = '⚠️ **Its CronJob is suspended**: no backup starts by itself. To let it run again:';

function renderResume({ namespace, name }: Backups['cronJob']): readonly string[] {
  const command = `kubectl --namespace ${namespace} patch cronjob ${name} --patch '{"spec":{"suspend":false}}'`;
  return ['```', codeUntrusted(command, 700), '```'];
}

/** When, then how large, as people compare these; a failed one has its reason instead. */
function renderJobLine(job: BackupJob, before: BackupJob | null): string {
  const when = timestamp(job.endedAt ?? job.startedAt ?? job.createdAt);
  const mark = { succeeded: '✅', failed: '❌', running: '⏳' }[job.state];
  const took =
    job.endedAt !== null && job.startedAt !== null ? [`took ${formatDuration(job.endedAt - job.startedAt)}`] : [];
  const size = job.state === 'succeeded' ? compareSizes(job, before) : null;
  const why = job.state !== 'succeeded' && job.reason !== null ? [escapeUntrusted(job.reason, 80)] : [];
  const parts = [
    ...(size === null ? [] : [`${size.brief}${size.shrank ? ' ⚠️' : ''}`]),
    ...why,
    ...took,
    ...(job.manual ? ['by hand'] : []),
  ];
  return [`${mark} ${job.state}${job.state === 'running' ? ', began' : ''} ${when}`, ...parts].join(' · ');
}

function statusButton(database: string, label = 'Backups', action = 'show'): Button {
  return { id: `db.backup-status:${action}:${referTo(database)}`, label, style: 'quiet' };
}

function runButton(database: string, label = 'Back up now'): Button {
  return { id: `db.backup-run:go:${referTo(database)}`, label, style: 'act' };
}
