import type { RunView } from '../recovery/view.ts';
import { joinLines } from './join-lines.ts';
import { escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** As in `main: restart done in 1 min 12 s`. */
export function titleRun({ run: { plan } }: RunView, fact: string): string {
  return `${escapeUntrusted(plan.database, 40)}: ${plan.strategy} ${fact}`;
}

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

/** Who waits to be released. Pure. */
export function nameHeld(held: readonly string[]): string {
  const shown = held.slice(0, 6).map((each) => escapeUntrusted(each, 80));
  return `${shown.join(', ')}${held.length > shown.length ? `, and ${held.length - shown.length} more` : ''}`;
}
