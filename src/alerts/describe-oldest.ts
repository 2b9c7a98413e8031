import type { ActiveSession } from '../model/activity.ts';
import { nameApplication, type Owner } from '../model/application.ts';
import { describeMoment } from './describe-age.ts';
import type { DatabaseView } from './rule.ts';

const SHOWN = 3;

/**
 * Who has been at it the longest: `Oldest: site, pid 4711, from 10.2.0.5, since 2020-12-11 13:18 UTC.` Empty where the
 * sessions were not read one by one, or none of them is `fromMs` old. `ageOf` answers null for those that do not count.
 */
export function describeOldest(
  { activity, applications }: Pick<DatabaseView, 'activity' | 'applications'>,
  fromMs: number,
  ageOf: (session: ActiveSession) => number | null,
): string {
  if (!activity.ok) return '';
  const oldest = activity.value
    .flatMap((session) => {
      const ageMs = ageOf(session);
      return ageMs === null || ageMs < fromMs ? [] : { session, ageMs };
    })
    .sort((a, b) => b.ageMs - a.ageMs);
  const shown = oldest
    .slice(0, SHOWN)
    .map(
      ({ session, ageMs }) => `${describeSession(session, applications)}, since ${describeMoment(activity.at - ageMs)}`,
    );
  const left = oldest.length - shown.length;
  return shown.length === 0 ? '' : `Oldest: ${shown.join('; ')}${left > 0 ? ` and ${left} more` : ''}.`;
}

/** `site, pid 4711, from 10.2.0.5`: plain text, hostile names. */
export function describeSession(
  session: Owner & Pick<ActiveSession, 'pid' | 'address'>,
  applications: DatabaseView['applications'],
): string {
  return `${nameApplication(session, applications)}, pid ${session.pid}, ${describeOrigin(session.address)}`;
}

export function describeOrigin(address: string | null): string {
  return address === null ? 'over a local socket' : `from ${address}`;
}
