import type { Pauses, SendKind } from './choose-job.ts';
import { createOutage, type Outage } from './outage.ts';
import type { Parcel } from './parcel.ts';
import { laterWait, type Wait } from './wait.ts';

/** What is known of the way to Discord that the messages of one lane take. */
export interface Way {
  readonly outage: Outage;
  readonly pauses: Pauses;
}

/** The alert channel has two lanes and one outage; every other channel has a way of its own, whose trouble is nobody else's. */
export interface Ways {
  of(parcel: Parcel): Way;
  at(key: string): Way;
  /** A rate limit is the channel's, of all its lanes, or the bot's. */
  limit(parcel: Parcel, kind: SendKind, wait: Wait, limited: 'channel' | 'global'): void;
  /** Nothing goes there any more. */
  forget(key: string): void;
}

export const ALERT_LANES = ['critical', 'normal'] as const;
const SEND_KINDS: readonly SendKind[] = ['post', 'edit', 'find'];

/** Which loop sends it: those of the alert channel have their lanes, any other channel is a lane. No channel's id is a word. */
export function laneKey({ channel, lane }: Pick<Parcel, 'channel' | 'lane'>): string {
  return channel ?? lane;
}

export function createWays(alertOutage: Outage): Ways {
  const ways = new Map<string, Way>(
    ALERT_LANES.map((lane) => [lane, { outage: alertOutage, pauses: { post: null, edit: null, find: null } }]),
  );

  function at(key: string): Way {
    const known = ways.get(key);
    if (known) return known;
    const way: Way = { outage: createOutage(), pauses: { post: null, edit: null, find: null } };
    ways.set(key, way);
    return way;
  }

  return {
    at,
    of: (parcel) => at(laneKey(parcel)),
    limit(parcel, kind, wait, limited) {
      const own = parcel.channel === null ? ALERT_LANES.map(at) : [at(parcel.channel)];
      for (const { pauses } of limited === 'global' ? ways.values() : own) {
        for (const each of limited === 'global' ? SEND_KINDS : [kind]) pauses[each] = laterWait(pauses[each], wait);
      }
    },
    forget: (key) => void ways.delete(key),
  };
}
