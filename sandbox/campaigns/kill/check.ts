import type { Line } from './line.ts';

type Said<K extends Line['say']> = Extract<Line, { readonly say: K }>;

/** What went wrong in the lives of one bot, in words; nothing when every act was asked for, once, and is remembered. */
export function checkLives(lives: readonly (readonly Line[])[]): readonly string[] {
  const lines = lives.flat();
  const ids = new Set(only(lines, 'proposed').map(({ id }) => id));
  const strangers = lines.filter((line) => line.say === 'terminates' && !ids.has(line.id));
  return [
    ...strangers.map((line) => `an act without a proposal: ${JSON.stringify(line)}`),
    ...[...ids].flatMap((id) => checkRun(lives, id).map((fault) => `${id}: ${fault}`)),
  ];
}

function checkRun(lives: readonly (readonly Line[])[], id: string): readonly string[] {
  const faults: string[] = [];
  const before: Line[] = [];
  for (const life of lives) {
    for (const line of life) {
      if (!('id' in line) || line.id !== id) continue;
      const fault = checkLine(line, before);
      if (fault !== null) faults.push(fault);
      before.push(line);
    }
  }
  return faults;
}

/** Whether a line may follow what was said of the same run before. */
function checkLine(line: Line, before: readonly Line[]): string | null {
  const proposed = only(before, 'proposed')[0];
  const given = only(before, 'answered').filter(({ refused }) => refused === null);
  if (line.say === 'remembers') return checkMemory(line, before, proposed, given);
  if (line.say === 'terminates') {
    if (only(before, 'shown').length === 0) return 'an act for what was not shown';
    if (!given.some(({ wants }) => wants === 'claim')) return 'an act that nobody confirmed';
    if (proposed?.targets.includes(line.target) !== true) return `${line.target} was not in the plan`;
    return only(before, 'terminates').some(({ target }) => target === line.target)
      ? `${line.target} ended twice`
      : null;
  }
  if (line.say !== 'answered' || line.refused !== null) return null;
  if (line.forged) return 'given away for a forged hash';
  if (given.length > 0) return 'given away twice';
  return isOver(before) ? 'given away after its end' : null;
}

function checkMemory(
  { kind, hash, interrupted, outcome }: Said<'remembers'>,
  before: readonly Line[],
  proposed: Said<'proposed'> | undefined,
  given: readonly Said<'answered'>[],
): string | null {
  if (kind === null || hash !== proposed?.hash) return `was proposed and is remembered as ${kind} ${hash}`;
  if ((kind === 'claimed') !== interrupted) return `is ${kind}, and interrupted: ${interrupted}`;
  const done = only(before, 'done')[0];
  if (done && (kind !== 'done' || JSON.stringify(outcome) !== JSON.stringify({ terminated: done.terminated })))
    return `was done and is remembered as ${kind} ${JSON.stringify(outcome)}`;
  const settled = before.some((line) => line.say === 'recorded' && line.stage === 'interrupted');
  const gone = { gone: only(before, 'terminates').length };
  if (settled && (kind !== 'interrupted' || JSON.stringify(outcome) !== JSON.stringify(gone)))
    return `was settled and is remembered as ${kind} ${JSON.stringify(outcome)}`;
  const claimed = given.some(({ wants }) => wants === 'claim');
  if (claimed && !['claimed', 'done', 'interrupted'].includes(kind)) return `was claimed and is remembered as ${kind}`;
  if (given.some(({ wants }) => wants === 'cancel') && kind !== 'cancelled')
    return `was cancelled and is remembered as ${kind}`;
  const asked = only(before, 'clicks').filter(({ forged }) => !forged);
  const needs = { claimed: 'claim', done: 'claim', interrupted: 'claim', cancelled: 'cancel' }[kind];
  return needs !== undefined && !asked.some(({ wants }) => wants === needs) ? `nobody asked, and it is ${kind}` : null;
}

function isOver(before: readonly Line[]): boolean {
  return before.some(
    (line) => line.say === 'recorded' || line.say === 'done' || (line.say === 'remembers' && line.kind !== 'open'),
  );
}

export function only<K extends Line['say']>(lines: readonly Line[], say: K): readonly Said<K>[] {
  return lines.filter((line): line is Said<K> => line.say === say);
}
