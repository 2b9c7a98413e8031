import type { Diagnosis } from './diagnosis.ts';
import { countStale, type Fitness, judgeCap, judgeRestart, type StaleCount } from './judge-relief.ts';
import type { Signs } from './signs.ts';

/** What takes connections from whom, and why nothing gentler. */
export type Relief = Pick<Diagnosis, 'advice' | 'reasons'>;

const JUDGES = { 'cap-application': judgeCap, 'restart-application': judgeRestart } as const;

/** What each of the two is good for, as a sentence. */
const MERITS: Readonly<Record<keyof typeof JUDGES, string>> = {
  'cap-application':
    'A limit on its role stops the rise and ends its idle sessions, while it goes on serving with the rest.',
  'restart-application':
    'New pods give back all that the old ones hold; a limit alone (`cap-application`) would leave what has leaked with them.',
};

/**
 * The gentlest that fits: sessions that nobody needs, where one kind of them is `enough` by itself; else the
 * application `name`, by the first of `rungs` that can be carried out; else people.
 */
export function chooseRelief(
  signs: Signs,
  {
    name,
    rungs,
    enough,
    of,
  }: {
    /** Null: none stands out. */
    readonly name: string | null;
    readonly rungs: readonly (keyof typeof JUDGES)[];
    /** So many sessions less, and it is well again. */
    readonly enough: number;
    /** Whose stale sessions count; null: everybody's. */
    readonly of: string | null;
  },
): Relief {
  const stale = countStale(signs, of);
  const kill = stale.find(({ count }) => count >= enough);
  if (kill !== undefined) return killStale(kill, of, enough);
  const why = describeTooFew(stale, enough, signs);
  if (name === null) return askPeople([...why, 'No application stands out that could give connections back.']);
  const refusals: string[] = [];
  for (const rung of rungs) {
    const fitness: Fitness = JUDGES[rung](signs, name);
    if (!fitness.ok) {
      refusals.push(`Not \`${rung}\`: ${fitness.why}`);
      continue;
    }
    const note = fitness.note === null ? [] : [fitness.note];
    return {
      advice: { kind: 'recover', strategy: rung, target: name },
      reasons: [...why, ...refusals, MERITS[rung], ...note, NOT_RESTART],
    };
  }
  return askPeople([...why, ...refusals], name);
}

function killStale({ kind, words }: StaleCount, of: string | null, enough: number): Relief {
  return {
    advice: { kind: 'recover', strategy: 'kill-stale', target: of },
    reasons: [
      `${words}; ${enough} fewer are enough.`,
      kind === 'orphaned'
        ? 'Nobody uses them, so ending them costs nobody anything.'
        : `They are asked for with the kind \`${kind}\`; whoever still needs one connects again.`,
      'There is nothing gentler, and nothing harsher is needed.',
    ],
  };
}

const NOT_RESTART = 'Not `restart`: PostgreSQL itself answers, and the same clients would fill it again.';

function describeTooFew(stale: readonly StaleCount[], enough: number, { facts }: Signs): readonly string[] {
  const found = stale.filter(({ count }) => count > 0).map(({ words }) => words);
  const blind = facts.sessions.ok ? [] : [`the sessions cannot be read one by one: ${facts.sessions.reason}`];
  const orphans = facts.orphans?.ok === false ? [`orphaned ones cannot be told: ${facts.orphans.reason}`] : [];
  const known = [...(found.length === 0 ? ['no stale sessions are known'] : found), ...blind, ...orphans];
  return [`Not \`kill-stale\`: ${known.join('; ')}; ${enough} would have to go.`];
}

function askPeople(reasons: readonly string[], name: string | null = null): Relief {
  const whom = name === null ? 'the application that holds the most' : name;
  return {
    advice: {
      kind: 'by-hand',
      todo: [
        `Restart ${whom} where it runs, or scale it down, so that it gives its connections back.`,
        'See with /db connections who holds them, and since when.',
      ],
    },
    reasons: [...reasons, NOT_RESTART],
  };
}
