import { type HoldersFact, MOMENT_WORDS } from '../describe-event.ts';
import type { Part } from './part.ts';
import { type Block, cutMiddle, moment, prompt, table } from './pen.ts';

/** What a page is wide enough for, and what a reader takes in. */
const MOST_MOMENTS = 8;
const MOST_APPLICATIONS = 15;

type Count = HoldersFact & { readonly at: number };

/** Who held the connections: a table for each database, its columns the moments that mattered. */
export function writeHolders({ incident, figures: { events }, pen }: Part): readonly Block[] {
  const counts = events.flatMap(({ at, fact }) => (fact.type === 'holders' ? [{ ...fact, at }] : []));
  if (counts.length === 0) {
    return incident.databases.length === 0
      ? []
      : [prompt('who held the connections? The timeline has no count of them.')];
  }
  return [...Map.groupBy(counts, ({ database }) => database)].flatMap(([database, all]) => {
    const shown = cutMiddle<Count | null>(all, MOST_MOMENTS, () => null);
    const rows = applicationsOf(all).map((name) =>
      [pen.text(name, 63)].concat(shown.map((count) => (count === null ? '…' : countOf(count, name)))),
    );
    const limits = all.find(({ max }) => max !== null);
    return [
      `**Who held the connections of ${pen.text(database, 63)}**${limits ? ` (${limits.max} at most, ${limits.usable ?? 'an unknown number'} usable)` : ''}:`,
      table(
        [
          'Application',
          ...shown.map((count) => (count === null ? '…' : `${MOMENT_WORDS[count.moment]}, ${moment(count.at)}`)),
        ],
        [
          ...cutMiddle(rows, MOST_APPLICATIONS, (left) => [`… ${left} more …`]),
          ['**all**', ...shown.map((count) => (count === null ? '…' : `**${count.used}**`))],
        ],
      ),
    ];
  });
}

/** Those with the highest counts first. */
function applicationsOf(counts: readonly Count[]): readonly string[] {
  const most = new Map<string, number>();
  for (const { name, count } of counts.flatMap(({ applications }) => applications)) {
    most.set(name, Math.max(count, most.get(name) ?? 0));
  }
  return [...most].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
}

function countOf({ applications }: Count, name: string): string {
  return String(applications.find((one) => one.name === name)?.count ?? 0);
}
