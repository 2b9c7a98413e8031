import type { DetailedSession } from '../model/activity.ts';
import { NOT_LOGGED_IN, nameApplication, OWN_APPLICATION } from '../model/application.ts';
import { findClosest } from '../model/did-you-mean.ts';
import { stripInvisible } from '../model/plain-text.ts';
import type { RecoveryFacts } from './facts.ts';

/** The client sessions of one application. */
export interface Holder {
  readonly name: string;
  readonly sessions: readonly DetailedSession[];
}

/** Who holds connections, most first (by name where equal); a configured one that holds none is there too. Pure. */
export function listHolders(
  sessions: readonly DetailedSession[],
  { applications }: RecoveryFacts['settings'],
): readonly Holder[] {
  const clients = sessions.filter(({ backendType }) => backendType === 'client backend');
  const byName = Map.groupBy(clients, (session) => nameApplication(session, applications));
  for (const { name } of applications) if (!byName.has(name)) byName.set(name, []);
  return [...byName]
    .map(([name, members]) => ({ name, sessions: members }))
    .filter(({ name }) => name !== OWN_APPLICATION && name !== NOT_LOGGED_IN)
    .sort((a, b) => b.sessions.length - a.sessions.length || (a.name < b.name ? -1 : 1));
}

/** The one that somebody named, or why it is none. Pure. */
export function findHolder(holders: readonly Holder[], name: string): Holder | string {
  const names = holders.map((holder) => holder.name);
  const near = findClosest(name, names);
  return (
    holders.find((holder) => holder.name === name) ??
    `No application is called ${stripInvisible(name)}. ${near === null ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`}`
  );
}

/** As in `1 session`, `2 sessions`. Pure. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
