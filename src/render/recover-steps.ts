import { formatDuration } from '../model/duration.ts';
import { measureStep } from '../recovery/measure-run.ts';
import type { StepProgress } from '../recovery/run.ts';
import type { ManualStep, RunView } from '../recovery/view.ts';
import { joinLines } from './join-lines.ts';
import { shortenNames } from './short-names.ts';
import { escapeUntrusted, proseUntrusted } from './untrusted.ts';

const LONGEST_TITLE = 120;

/** What would be done, numbered, each with how much of what moves was shown. Pure. */
export function listPlanned(steps: readonly ManualStep[], room: number): string {
  const lines = steps.map(
    (each, index) => `\`${pad(index, steps.length)}\` ${nameStep(each, steps)}${countShown(each)}`,
  );
  return joinLines(lines, room);
}

/** Each step with its mark, how long, and what it saw: as much of that as `room` characters have. Pure. */
export function listProgress(view: RunView, room: number): string {
  for (const sawLength of [160, 80, 40]) {
    const text = writeLines(view, sawLength).join('\n');
    if (text.length <= room) return text;
  }
  return listStates(view, room);
}

/** The same in short: without what was seen. Pure. */
export function listStates(view: RunView, room: number): string {
  return joinLines(writeLines(view, 0), room);
}

/** Safe Markdown. `all`: the steps of its plan, among which the names of workloads are told apart. Pure. */
export function nameStep(step: ManualStep | undefined, all: readonly ManualStep[]): string {
  return escapeUntrusted(shortenNames(step?.title ?? 'a step', all), LONGEST_TITLE);
}

const MARKS: Readonly<Record<StepProgress['state'], string>> = {
  waiting: '▫️',
  acting: '⏳',
  done: '✅',
  skipped: '⏭️',
  failed: '❌',
  unknown: '❔',
  undone: '↩️',
};

/** Words for those who do not see the mark; what is plain from it has none. */
const WORDS: Partial<Record<StepProgress['state'], string>> = {
  skipped: 'skipped',
  failed: 'failed',
  unknown: 'outcome unknown',
  undone: 'undone',
};

function writeLines({ run, steps, now }: RunView, sawLength: number): readonly string[] {
  return run.steps.map((step, index) => writeLine(step, { step: steps[index], all: steps, now, sawLength }));
}

function writeLine(
  progress: StepProgress,
  {
    step,
    all,
    now,
    sawLength,
  }: {
    readonly step: ManualStep | undefined;
    readonly all: readonly ManualStep[];
    readonly now: number;
    readonly sawLength: number;
  },
): string {
  const took = measureStep(progress, now);
  const facts = [
    WORDS[progress.state] ?? '',
    took === null ? '' : formatDuration(took),
    progress.attempts > 1 ? `attempt ${progress.attempts}` : '',
  ].filter((fact) => fact !== '');
  const name = step === undefined ? escapeUntrusted(progress.id) : nameStep(step, all);
  const line = [`${MARKS[progress.state]} ${name}`, ...facts].join(' · ');
  return progress.saw === '' || sawLength === 0
    ? line
    : `${line}\n-# ${proseUntrusted(shortenNames(progress.saw, all), sawLength)}`;
}

function pad(index: number, count: number): string {
  return String(index + 1).padStart(String(count).length);
}

/** Of a list that was frozen with the plan. */
function countShown({ step: { shown } }: ManualStep): string {
  if (Array.isArray(shown)) return ` · **${shown.length}** listed`;
  const named = typeof shown === 'object' && shown !== null ? Object.entries(shown) : [];
  const found = named.find(([, value]) => Array.isArray(value) && value.length > 0);
  return found === undefined
    ? ''
    : ` · **${(found[1] as readonly unknown[]).length}** ${escapeUntrusted(found[0], 20)} now`;
}
