import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../src/model/clock.ts';
import type { Feed } from '../feed.ts';
import type { WorldEvent } from './events.ts';
import type { StoredMessage } from './messages.ts';

/** 2 slash command, 3 component, 4 autocompletion, 5 modal submitted. */
export type InteractionType = 2 | 3 | 4 | 5;

export interface InteractionRecord {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  /** What went to the bot through the gateway. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly userId: string;
  readonly channelId: string;
  readonly guildId: string | null;
  /** The message whose component was used, when there is one. */
  readonly source: StoredMessage | null;
  readonly createdAt: number;
  state: 'waiting' | 'acknowledged' | 'expired';
  /** When the callback's body had arrived, epoch milliseconds. */
  acknowledgedAt: number | null;
  callback: Callback | null;
  /** What `@original` stands for. */
  original: StoredMessage | null;
  readonly followUps: StoredMessage[];
}

export interface Callback {
  readonly type: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export type NewInteraction = Pick<InteractionRecord, 'type' | 'userId' | 'channelId' | 'guildId' | 'source'> & {
  /** Builds the payload around the minted id and token. */
  readonly payload: (id: string, token: string) => Readonly<Record<string, unknown>>;
};

export interface InteractionStore {
  readonly all: readonly InteractionRecord[];
  create(fresh: NewInteraction): InteractionRecord;
  find(id: string, token: string): InteractionRecord | undefined;
  findByToken(token: string): InteractionRecord | undefined;
  /** False when it came too late or was answered before: the caller says which by `state`. */
  acknowledge(record: InteractionRecord, callback: Callback, arrivedAt: number): boolean;
  /** Tells everyone, once the callback has taken effect. */
  settled(record: InteractionRecord): void;
  tokenAlive(record: InteractionRecord): boolean;
  close(): void;
}

interface Parts {
  readonly clock: Clock;
  readonly mint: () => string;
  readonly events: Feed<WorldEvent>;
  readonly times: { readonly acknowledgeWithinMs: number; readonly tokenLivesMs: number };
}

export function createInteractionStore({ clock, mint, events, times }: Parts): InteractionStore {
  const all: InteractionRecord[] = [];
  const closing = new AbortController();

  const expire = (record: InteractionRecord): void => {
    if (record.state !== 'waiting' || closing.signal.aborted) return;
    record.state = 'expired';
    events.push({ type: 'interaction-expired', at: clock.now(), interaction: record });
  };

  return {
    all,
    create({ payload, ...fresh }) {
      const id = mint();
      const token = `aW50ZXJhY3Rpb246${randomBytes(48).toString('base64url')}`;
      const record: InteractionRecord = {
        ...fresh,
        id,
        token,
        payload: payload(id, token),
        createdAt: clock.now(),
        state: 'waiting',
        acknowledgedAt: null,
        callback: null,
        original: null,
        followUps: [],
      };
      all.push(record);
      const answered = new AbortController();
      const stop = events.on((event) => {
        if (event.type === 'interaction-acknowledged' && event.interaction === record) answered.abort();
      });
      const either = AbortSignal.any([answered.signal, closing.signal]);
      const expireInTime = async (): Promise<void> => {
        await clock.sleep(times.acknowledgeWithinMs, either);
        stop();
        expire(record);
      };
      void expireInTime();
      events.push({ type: 'interaction-created', at: record.createdAt, interaction: record });
      return record;
    },
    find: (id, token) => all.findLast((one) => one.id === id && one.token === token),
    findByToken: (token) => all.findLast((one) => one.token === token),
    acknowledge(record, callback, arrivedAt) {
      if (arrivedAt - record.createdAt > times.acknowledgeWithinMs) expire(record);
      if (record.state !== 'waiting') return false;
      record.state = 'acknowledged';
      record.acknowledgedAt = arrivedAt;
      record.callback = callback;
      return true;
    },
    settled(record) {
      events.push({ type: 'interaction-acknowledged', at: clock.now(), interaction: record });
    },
    tokenAlive: (record) => clock.now() - record.createdAt < times.tokenLivesMs,
    close: () => closing.abort(),
  };
}
