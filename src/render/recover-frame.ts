import type { StrategyName } from '../recovery/plan.ts';
import type { RunView } from '../recovery/view.ts';
import { joinLines } from './join-lines.ts';
import { listWords } from './recover-diagnosis.ts';
import { shortenNames } from './short-names.ts';
import { escapeUntrusted, plainUntrusted, proseUntrusted } from './untrusted.ts';

/** As in `main: restart done in 1 min 12 s`. */
export function titleRun({ run: { plan } }: RunView, fact: string): string {
  const { database, strategy, target } = plan;
  const whose = target === null || !OF_AN_APPLICATION.has(strategy) ? '' : ` of ${escapeUntrusted(target, 40)}`;
  return `${escapeUntrusted(database, 40)}: ${strategy}${whose} ${fact}`;
}

/** Any other rung is of the database, whatever application was named with it. */
const OF_AN_APPLICATION: ReadonlySet<StrategyName> = new Set(['cap-application', 'restart-application']);

export function footRun({ run: { plan, id } }: RunView): string {
  return plainUntrusted(`${plan.database} · recovery · ${id}`, 200);
}

/** Of 4,096 (facts.md, Discord 7). */
const MOST_CHARACTERS = 3_900;

/** Whole lines, and under them a list that takes what room they leave. Pure. */
export function fillDescription(lines: readonly string[], list?: (room: number) => string): string {
  if (list === undefined) return joinLines(lines, MOST_CHARACTERS);
  const head = joinLines(lines, 2_400);
  return `${head}\n\n${list(MOST_CHARACTERS - head.length)}`;
}

/** What is true, as one line where it is one sentence. Pure. */
export function describeObserved(label: string, { observed, steps }: RunView, room: number): readonly string[] {
  const sentences = observed.map((sentence) => shortenNames(sentence, steps));
  const [first] = sentences;
  if (first === undefined) return [];
  return sentences.length === 1
    ? [`**${label}:** ${proseUntrusted(first, 400)}`]
    : [`**${label}:**`, listWords(sentences, room)];
}

/** Who waits to be released. Pure. */
export function nameHeld({ held, steps }: RunView): string {
  const shown = held.slice(0, 6).map((each) => escapeUntrusted(shortenNames(each, steps), 80));
  return `${shown.join(', ')}${held.length > shown.length ? `, and ${held.length - shown.length} more` : ''}`;
}
