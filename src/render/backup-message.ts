import type { BackupJob, BackupProgress, BackupReport } from '../model/backup.ts';
import { compareSizes, findBefore, lastSuccessOf } from '../model/compare-backups.ts';
import { formatDuration } from '../model/duration.ts';
import { joinLines } from './join-lines.ts';
import { type Button, COLOURS, type Message, timestamp } from './message.ts';
import { referTo } from './name-reference.ts';
import { codeUntrusted, escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** `/db backup-run`: how far the backup has come. Edited in place until it is over. Pure. */
export function renderBackupProgress({ run, job, before, suspended, at }: BackupProgress): Message {
  const { database, how, by, askedAt } = run;
  const name = escapeUntrusted(database, 40);
  const asked = `${how === 'started' ? 'Started' : 'Joined, as it was running already,'} by <@${by}> ${timestamp(askedAt)}: \`${codeUntrusted(run.job.name)}\``;
  const frame = { footer: plainUntrusted(`${database} · backup`, 200), timestamp: at };
  const buttons = [statusButton(database)];
  if (!job.ok) {
    const why = `How far it has come is unknown: ${escapeUntrusted(job.reason, 300)}`;
    return {
      embed: {
        title: `${name}: backup, state unknown`,
        description: `${asked}\n${why}`,
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
        description: `${asked}\n${why}`,
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
      description: [asked, ...lines, ...(suspended ? [SUSPENDED] : []), ...renderLog(job.value)].join('\n'),
      colour,
      ...frame,
    },
    buttons,
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
        size === null ? NO_SIZE : `Size: **${size.words}**`,
        ...(shrank ? ['⚠️ It is much smaller than the one before: look into it before you rely on it.'] : []),
      ],
    };
  }
  if (job.state === 'failed') {
    const why = job.reason === null ? '' : ` ${escapeUntrusted(job.reason, 300)}`;
    return {
      title: `backup **failed**${took === null ? '' : ` after ${took}`}`,
      colour: COLOURS.critical,
      lines: [
        `There is no new backup.${why}`,
        before === null
          ? 'No successful one before it is known.'
          : `The last that succeeded ended ${timestamp(before.endedAt ?? before.createdAt)}.`,
      ],
    };
  }
  const started =
    job.startedAt === null ? 'Its pod has not started yet.' : `Running since ${timestamp(job.startedAt)}.`;
  return {
    title: job.startedAt === null ? 'backup is starting…' : 'backup is running…',
    colour: COLOURS.calm,
    lines: [started, ...(job.reason === null ? [] : [`⚠️ ${escapeUntrusted(job.reason, 300)}`])],
  };
}

const SUSPENDED = '⚠️ **Its CronJob is suspended**: no backup starts by itself. Resume it with `kubectl patch`.';
const NO_SIZE = 'It told no size: a line `size_bytes=…` at the end of its log would be compared with the one before.';

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
  const name = escapeUntrusted(database, 40);
  const warnings = [
    ...(suspended ? [SUSPENDED] : []),
    ...(lastAt !== null && stale ? [`⚠️ Older than the ${formatDuration(maxAgeMs)} that are configured.`] : []),
    ...(lastAt === null ? ['⚠️ No successful backup is known. Back up now, and find out why there is none.'] : []),
  ];
  const lines = jobs.map((job) => renderJobLine(job, findBefore(job, jobs)));
  return {
    embed: {
      title:
        lastAt === null ? `${name}: no successful backup` : `${name}: last backup ${formatDuration(at - lastAt)} ago`,
      description: [
        ...(lastAt === null ? [] : [`The last success ended ${timestamp(lastAt)}.`]),
        ...warnings,
        `Schedule: \`${codeUntrusted(schedule)}\` (\`${codeUntrusted(`${cronJob.namespace}/cronjob/${cronJob.name}`)}\`)`,
      ].join('\n'),
      colour: stale || suspended ? COLOURS.warning : COLOURS.resolved,
      fields: [{ name: 'The last ones', value: joinLines(lines, 1024) || 'None that Kubernetes still remembers.' }],
      footer: plainUntrusted(`${database} · backups`, 200),
      timestamp: at,
    },
    buttons: [statusButton(database, 'Refresh', 'refresh'), runButton(database)],
  };
}

function renderJobLine(job: BackupJob, before: BackupJob | null): string {
  const when = timestamp(job.endedAt ?? job.startedAt ?? job.createdAt);
  const mark = { succeeded: '✅', failed: '❌', running: '⏳' }[job.state];
  const took =
    job.endedAt !== null && job.startedAt !== null ? ` in ${formatDuration(job.endedAt - job.startedAt)}` : '';
  const size = job.state === 'succeeded' ? compareSizes(job, before) : null;
  const why = job.state !== 'succeeded' && job.reason !== null ? `: ${escapeUntrusted(job.reason, 80)}` : '';
  return `${mark} ${job.state}${took} ${when}${size === null ? '' : ` · ${size.words}`}${size?.shrank ? ' ⚠️' : ''}${job.manual ? ' · by hand' : ''}${why}`;
}

function statusButton(database: string, label = 'Backups', action = 'show'): Button {
  return { id: `db.backup-status:${action}:${referTo(database)}`, label, style: 'quiet' };
}

function runButton(database: string): Button {
  return { id: `db.backup-run:go:${referTo(database)}`, label: 'Back up now', style: 'act' };
}
