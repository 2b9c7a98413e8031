import type { Evidence, EvidenceFile } from '../model/evidence.ts';
import { cutFile } from '../recovery/keep-evidence.ts';
import { listWithin } from './list-within.ts';
import { COLOURS, type Message, type MessageFile, timestamp } from './message.ts';
import { mention } from './timeline-line.ts';
import { escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** Which recovery it is. JSON. */
export interface RunName {
  readonly runId: string;
  readonly database: string;
  readonly strategy: string;
}

/** A plan runs without a second person. JSON. */
export interface GlassBroken extends RunName {
  readonly by: string;
  /** Hostile text. */
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** So many files of what a run captured, from the 0-based `from` on. JSON. */
export interface EvidenceRange extends RunName {
  readonly from: number;
  readonly count: number;
  /** Of the run. */
  readonly total: number;
  /** In words, hostile text; with the first files only. */
  readonly gaps: readonly string[];
  /** When it was captured, epoch milliseconds. */
  readonly at: number;
}

/** Calls those on call, once: the content pings, as phones show it. Pure. */
export function renderBrokeGlass(broken: GlassBroken, onCallRole: string | undefined): Message {
  const { runId, by, reason, at } = broken;
  const ping = onCallRole === undefined ? '' : `<@&${onCallRole}> `;
  const why = escapeUntrusted(reason, 500);
  return {
    content: `${ping}${mention(by)} broke the glass: ${nameRun(broken)} runs without a second approval. Reason: ${why}`,
    ...(onCallRole !== undefined && { pingRoles: [onCallRole] }),
    embed: {
      title: `Glass broken: ${nameRun(broken)}`,
      description: [
        `${mention(by)}, ${timestamp(at, 'f')}: ${why}`,
        'Look at it together with them: its message has the buttons to abort it and to release its clients.',
      ].join('\n'),
      colour: COLOURS.critical,
      footer: `run ${plainUntrusted(runId)}`,
    },
  };
}

/** What was captured before anything was touched, as files. `evidence` null: it is not kept any more. Pure. */
export function renderEvidence(range: EvidenceRange, evidence: Evidence | null): Message {
  const { runId, from, count, total, gaps, at } = range;
  const files = (evidence?.files ?? []).slice(from, from + count);
  const lines = [
    `Captured before anything was touched, ${timestamp(at, 'f')}.`,
    ...(total === 0 ? ['Nothing could be captured.'] : []),
    ...(files.length < count
      ? [`${count - files.length} of these files are not in the journal any more: they cannot be shown.`]
      : []),
    ...(gaps.length === 0
      ? []
      : ['**Not captured:**', ...listWithin(gaps.map((gap) => `- ${escapeUntrusted(gap, 200)}`))]),
  ];
  return {
    embed: {
      title: `${nameRun(range)}: evidence${describeRange(range)}`,
      description: lines.join('\n'),
      colour: gaps.length === 0 ? COLOURS.calm : COLOURS.warning,
      footer: `run ${plainUntrusted(runId)}`,
    },
    ...(files.length > 0 && { attachments: files.map((file) => attach(file, range)) }),
  };
}

/** The same message, with why it does not stand where it belongs. Pure. */
export function tellInstead(message: Message, channel: string, reason: string): Message {
  const { embed = { title: 'Recovery', colour: COLOURS.unknown } } = message;
  const why = `Told here, as <#${plainUntrusted(channel)}> takes no messages: ${escapeUntrusted(reason, 200)}`;
  const description = embed.description === undefined ? why : `${why}\n${embed.description}`;
  return { ...message, embed: { ...embed, description } };
}

function nameRun({ strategy, database }: RunName): string {
  return `${escapeUntrusted(strategy)} on ${escapeUntrusted(database)}`;
}

function describeRange({ from, count, total }: EvidenceRange): string {
  if (total === 0) return '';
  if (count === total) return total === 1 ? ', 1 file' : `, ${total} files`;
  return `, files ${from + 1} to ${from + count} of ${total}`;
}

/** Redaction may have made it longer than it was kept; Discord takes no file without a byte. */
function attach(file: EvidenceFile, { strategy, database }: RunName): MessageFile {
  const { name, text } = cutFile(file);
  return {
    name: name.replaceAll(/[^\w.-]+/g, '-'),
    type: 'text/plain',
    description: plainUntrusted(`Evidence before ${strategy} on ${database}: ${name}`, 200),
    data: Buffer.from(text === '' ? '(empty)\n' : text),
  };
}
