import type { ActiveSession } from '../model/activity.ts';
import { type Application, nameApplication } from '../model/application.ts';
import type { Observed } from '../model/observed.ts';

/** Whole minutes once there are some: words that change with each sample would be an edit with each sample. */
export function wholeMinutes(ms: number): number {
  return ms < 60_000 ? ms : Math.floor(ms / 60_000) * 60_000;
}

/** `It is pid 4711 of site, from 10.2.0.5.` for the session with the greatest age; empty where they were not read. */
export function describeOldest(
  activity: Observed<readonly ActiveSession[]>,
  applications: readonly Application[],
  ageOf: (session: ActiveSession) => number | null,
): string {
  if (!activity.ok) return '';
  const aged = activity.value.flatMap((session) => {
    const ageMs = session.own ? null : ageOf(session);
    return ageMs === null ? [] : [{ session, ageMs }];
  });
  const oldest = aged.toSorted((a, b) => b.ageMs - a.ageMs)[0]?.session;
  return oldest ? `It is pid ${oldest.pid} of ${describeOwner(oldest, applications)}.` : '';
}

/** `site, from 10.2.0.5` */
export function describeOwner(
  session: Pick<ActiveSession, 'user' | 'database' | 'applicationName' | 'address'>,
  applications: readonly Application[],
): string {
  const name = nameApplication({ ...session, own: false }, applications);
  return session.address === null ? `${name}, over the local socket` : `${name}, from ${session.address}`;
}
