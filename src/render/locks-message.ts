import { arrangeLockTree, type LockBranch, type LockForest } from '../model/arrange-lock-tree.ts';
import { formatDuration } from '../model/duration.ts';
import type { LocksReport } from '../model/locks-report.ts';
import { describeLock } from './lock-facts.ts';
import { describeNextStep } from './lock-next-step.ts';
import { writeLockText } from './lock-text.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { referTo } from './name-reference.ts';
import { codeUntrusted, escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** What a phone shows without losing the thread; the file has the rest. */
const MOST = { roots: 4, behind: 3, depth: 3, characters: 2_600 } as const;

/** `/db locks`: who blocks whom, the ones that hold up the most first. Pure. */
export function renderLocks(report: LocksReport): Message {
  const { database, tree, at } = report;
  const frame = {
    footer: plainUntrusted(`${database} · locks`, 200),
    timestamp: tree.ok ? tree.at : at,
  };
  const buttons = [{ id: `db.locks:refresh:${referTo(database)}`, label: 'Refresh', style: 'quiet' }] as const;
  const name = escapeUntrusted(database, 40);
  if (!tree.ok) {
    const description = [`⚠️ ${escapeUntrusted(tree.reason, 300)}`, describeSample(report)].join('\n');
    return { embed: { title: `${name}: lock waits unknown`, description, colour: COLOURS.unknown, ...frame }, buttons };
  }
  const forest = arrangeLockTree(tree.value);
  const { waiting, longestMs } = forest;
  if (waiting === 0) {
    const title = `${name}: nobody waits for a lock`;
    return { embed: { title, description: describeOldest(report), colour: COLOURS.calm, ...frame }, buttons };
  }
  const { lines, left } = drawForest(forest, report);
  const longest = longestMs === null ? '' : `, the longest for ${formatDuration(longestMs)}`;
  // Stable: among equals those that nobody holds up come before the circles.
  const [first] = forest.roots.toSorted((a, b) => b.holdsUp - a.holdsUp);
  return {
    embed: {
      title: `${name}: ${waiting} ${waiting === 1 ? 'session waits' : 'sessions wait'}${longest}`,
      description: [
        ...(first ? [`**First:** ${describeNextStep(first, database, report.configured)}`, ''] : []),
        ...lines,
        ...(left > 0 ? [`-# ${left} not shown here: \`locks.txt\` has them all`] : []),
      ].join('\n'),
      colour: COLOURS.warning,
      ...frame,
    },
    buttons,
    ...(left > 0 && {
      attachments: [
        {
          name: 'locks.txt',
          type: 'text/plain',
          description: `Who blocks whom in ${database}`,
          data: writeLockText(forest, report.configured),
        },
      ],
    }),
  };
}

interface Entry {
  readonly text: string;
  /** How many nodes it shows: a note shows none. */
  readonly nodes: 0 | 1;
}

/** As much of it as fits, in whole entries, and how many nodes do not. */
function drawForest({ roots }: LockForest, report: LocksReport): { readonly lines: string[]; readonly left: number } {
  const entries = roots.slice(0, MOST.roots).flatMap((root) => drawBranch(root, 0, report));
  let room: number = MOST.characters;
  const end = entries.findIndex(({ text }) => (room -= text.length + 1) < 0);
  const shown = end === -1 ? entries : entries.slice(0, end);
  const total = roots.reduce((sum, { below }) => sum + below + 1, 0);
  const left = total - shown.filter(({ nodes }) => nodes === 1).length;
  return { lines: shown.map(({ text }) => text), left };
}

function drawBranch(branch: LockBranch, depth: number, report: LocksReport): Entry[] {
  const { behind, below } = branch;
  const inner = '  '.repeat(depth + 1);
  const shown = depth + 1 < MOST.depth ? behind.slice(0, MOST.behind) : [];
  const told = shown.reduce((sum, child) => sum + child.below + 1, 0);
  const more = below - told;
  return [
    { text: drawNode(branch, depth, report), nodes: 1 },
    ...shown.flatMap((child) => drawBranch(child, depth + 1, report)),
    ...(more > 0 ? [{ text: `${inner}- … ${more} more behind it`, nodes: 0 } as const] : []),
  ];
}

/** A list item of Discord's Markdown: it keeps its indent where a narrow screen breaks the line. */
function drawNode(branch: LockBranch, depth: number, { configured }: LocksReport): string {
  const { name, standing, facts, statement } = describeLock(branch, configured);
  const indent = '  '.repeat(depth);
  const code = codeUntrusted(statement ?? '', 60);
  return [
    `${indent}- **${escapeUntrusted(name, 80)}** ${standing}`,
    ...facts.map((fact) => `${indent}  ${escapeUntrusted(fact, 100)}`),
    ...(code === '' ? [] : [`${indent}  \`${code}\``]),
  ].join('\n');
}

function describeSample({ sample }: LocksReport): string {
  if (!sample.ok) return `Nothing was counted before: ${escapeUntrusted(sample.reason, 200)}`;
  const { waiting } = sample.value;
  const count = waiting === 0 ? 'nobody' : waiting === 1 ? '1 session' : `${waiting} sessions`;
  return `At the last sample, ${timestamp(sample.at)}, ${count} waited for a lock.`;
}

function describeOldest({ sample }: LocksReport): string {
  if (!sample.ok) return 'The oldest transaction is not known.';
  const { oldest } = sample.value;
  if (oldest === null) return 'No transaction is open.';
  if (oldest.ms < 1_000) return 'No transaction is open for longer than 1 s.';
  return `The oldest transaction is open for **${formatDuration(oldest.ms)}**: ${escapeUntrusted(oldest.application, 63)}, ${oldest.state}.`;
}
