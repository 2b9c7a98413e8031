import type { Incident } from './incident.ts';
import type { HoldersFact, TimelineEvent } from './timeline.ts';

/** Who held the connections of a database, and when that was (epoch milliseconds). Largest first. */
export interface Holders extends Pick<HoldersFact, 'used' | 'usable' | 'max' | 'applications'> {
  readonly at: number;
}

/** Reads them as they are, or as they were when most connections were held; null where that is not known. */
export type HolderReader = (
  database: string,
  when: 'now' | { readonly from: number; readonly until: number },
) => Holders | null;

export function holdersEvent(database: string, moment: HoldersFact['moment'], holders: Holders): TimelineEvent {
  const { at, ...fact } = holders;
  return { at, by: null, fact: { type: 'holders', database, moment, ...fact } };
}

/**
 * The peak as far as it is news: none that the timeline tells of already was as high, nor was its opening higher, as after
 * a restart, which remembers no connections of before. So one that flaps adds as many as there are connections, at most.
 */
export function peakEvent({ events }: Incident, database: string, peak: Holders | null): TimelineEvent | null {
  const isOutdone = events.some(
    ({ fact }) =>
      fact.type === 'holders' &&
      fact.database === database &&
      (fact.moment === 'peak' ? fact.used >= (peak?.used ?? 0) : fact.used > (peak?.used ?? 0)),
  );
  return peak === null || isOutdone ? null : holdersEvent(database, 'peak', peak);
}
