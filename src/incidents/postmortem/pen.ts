import { formatDuration } from '../../model/duration.ts';
import { escapeMarkdown } from '../escape-markdown.ts';

/** How the post-mortem writes: Markdown out of hostile text, members by name, moments in UTC. */
export interface Pen {
  /** One line, whatever comes in. */
  text(plain: string, maxLength?: number): string;
  /** Text of several lines, each behind a `>`. */
  quote(plain: string): string;
  who(memberId: string | null): string;
}

/** A block of Markdown: a paragraph, a list, a table. Blank lines stand between them. */
export type Block = string;

const LONGEST_NAME = 80;
const QUOTED = { lines: 40, characters: 1_600 } as const;
const MENTION = /<@!?(\d{1,20})>/g;

/** `nameOf` gives a member's name as people know it; null where nobody knows it any more. */
export function createPen(nameOf: (memberId: string) => string | null): Pen {
  const name = (memberId: string) => nameOf(memberId)?.trim() || `member ${memberId}`;
  // In a file nobody can be mentioned: a mark of digits says nothing.
  const resolve = (plain: string) => plain.replaceAll(MENTION, (_, id: string) => name(id));
  const text: Pen['text'] = (plain, maxLength) => escapeMarkdown(resolve(plain), maxLength);
  return {
    text,
    quote(plain) {
      const lines = plain.split(/\r\n|[\n\r\u2028\u2029]/);
      const shown = lines.slice(0, QUOTED.lines).map((line) => `> ${text(line, QUOTED.characters)}`.trimEnd());
      const left = lines.length - shown.length;
      return [...shown, ...(left > 0 ? [`> … and ${left} more lines`] : [])].join('\n');
    },
    who: (memberId) => (memberId === null ? 'Breakwater' : escapeMarkdown(name(memberId), LONGEST_NAME)),
  };
}

/** Left to people, in a form that is found again: nothing here is ever made up. */
export function prompt(question: string): Block {
  return `${LEFT_OPEN}${question}_`;
}

/** How many questions a post-mortem leaves to people, and how many tasks it sets. */
export function countOpen(markdown: string): { readonly questions: number; readonly tasks: number } {
  const lines = markdown.split('\n').map((line) => line.trimStart());
  const count = (start: string) => lines.filter((line) => line.startsWith(start)).length;
  return { questions: count(LEFT_OPEN), tasks: count(TASK) };
}

const LEFT_OPEN = '> _To be filled in: ';
/** How an open task begins. */
export const TASK = '- [ ] ';

/** `2020-12-11 13:24:07`, UTC. */
export function moment(at: number): string {
  return Number.isFinite(at) && Math.abs(at) <= FARTHEST_MS
    ? new Date(at).toISOString().slice(0, 19).replace('T', ' ')
    : 'unknown time';
}

// Date's own bound.
const FARTHEST_MS = 8.64e15;

/** How long a part of the incident took, for people who present it. */
export function lasting(ms: number | null): string {
  if (ms === null) return 'unknown';
  return ms >= 0 && ms < 1_000 ? 'less than 1 s' : formatDuration(ms);
}

/** Its cells are Markdown already; every row has as many as the header. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): Block {
  const line = (cells: readonly string[]) => `| ${header.map((_, index) => cells[index] ?? '').join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The first and the last of what is too long, at most `most` with what `left` makes of the number between them. */
export function cutMiddle<T>(items: readonly T[], most: number, left: (count: number) => T): readonly T[] {
  if (items.length <= most) return items;
  const head = Math.ceil((most - 1) / 2);
  const tail = most - 1 - head;
  return [...items.slice(0, head), left(items.length - head - tail), ...items.slice(items.length - tail)];
}
