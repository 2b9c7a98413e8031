import type { Message } from '../render/message.ts';
import { createDoorbell } from '../time/doorbell.ts';
import { chooseJob } from './choose-job.ts';
import type { Office } from './office.ts';
import { markOf, type Parcel } from './parcel.ts';
import { settleEdit, settleFind, settlePost } from './settle.ts';
import type { ChannelTransport, Delivered } from './transport.ts';
import type { Tuning } from './tuning.ts';
import { laneKey } from './ways.ts';

/** One loop that sends the parcels of its lane, one request at a time. */
export interface Lane {
  ring(): void;
  stop(): Promise<void>;
}

export function startLane(options: {
  /** See laneKey. */
  readonly key: string;
  readonly transport: ChannelTransport;
  readonly budget: Tuning['budget'] | null;
  readonly office: Office;
}): Lane {
  const { key, transport, budget, office } = options;
  const { book, clock, log, tuning } = office;
  const news = createDoorbell(clock);
  const begun: { post: number[]; edit: number[] } = { post: [], edit: [] };
  let stopped = false;

  async function keepSending(): Promise<void> {
    while (!stopped) {
      const job = chooseJob(
        { parcels: parcelsOf(book, key), pauses: office.ways.at(key).pauses, begun, budget },
        tuning,
        clock.now(),
      );
      if (job.kind === 'wait') await news.wait(job.ms);
      else if (job.kind === 'pass-over') office.passOver(job.parcels);
      else await perform(job.kind, job.parcel);
    }
  }

  async function perform(kind: 'post' | 'edit' | 'find', parcel: Parcel): Promise<void> {
    parcel.sending = true;
    try {
      if (kind === 'find') await find(parcel);
      else await send(kind, parcel);
    } catch (error) {
      // The edge of delivery: a fault of ours about one message must not end the sending of all others.
      log.error({ id: parcel.id, error: String(error) }, 'a fault of ours in delivery');
      parcel.wait = { from: clock.now(), forMs: tuning.refusedRetryMs };
      parcel.aside = true;
    } finally {
      parcel.sending = false;
    }
  }

  async function find(parcel: Parcel): Promise<void> {
    settleFind(office, parcel, await transport.find(markOf(parcel), parcel.queuedAt - tuning.clockSkewMs));
  }

  async function send(kind: 'post' | 'edit', parcel: Parcel): Promise<void> {
    const { version, messageId } = parcel;
    const message = await make(parcel, kind === 'edit');
    if (message === null) return;
    if (messageId === null) {
      spend('post');
      const triedAt = clock.now();
      // Told through the fallback, it has pinged already.
      const outcome = await transport.post(parcel.told ? { ...message, pingRoles: [] } : message, parcel.nonce);
      settlePost(office, parcel, { version, triedAt, outcome });
    } else if (parcel.sentVersion === version && message.file === undefined && parcel.doubt === null) {
      // Nothing was left out of what stands there.
      settleEdit(
        office,
        parcel,
        { version, triedAt: clock.now(), file: false, outcome: { kind: 'delivered', messageId } },
        'unsent',
      );
    } else {
      spend('edit');
      const triedAt = clock.now();
      const outcome = await transport.edit(messageId, message);
      settleEdit(office, parcel, { version, triedAt, file: message.file !== undefined, outcome });
    }
  }

  /** Null when it cannot be rendered, which is settled as a refusal. */
  async function make(parcel: Parcel, complete: boolean): Promise<Message | null> {
    try {
      const { file, ...message } = await office.make(parcel, complete);
      return file === undefined || parcel.plain ? message : { ...message, file };
    } catch (error) {
      const outcome: Delivered = { kind: 'refused', reason: `a fault of ours: ${String(error)}`, of: 'message' };
      const sent = { version: parcel.version, triedAt: clock.now(), file: false, outcome };
      if (parcel.messageId === null) settlePost(office, parcel, sent);
      else settleEdit(office, parcel, sent);
      return null;
    }
  }

  function spend(kind: 'post' | 'edit'): void {
    begun[kind] = [...begun[kind], clock.now()].slice(-SPENT_KEPT);
  }

  const running = keepSending();
  return {
    ring: () => news.ring(),
    async stop() {
      stopped = true;
      news.ring();
      await running;
    },
  };
}

/** More than any budget looks at. */
const SPENT_KEPT = 50;

export function parcelsOf({ parcels }: Office['book'], key: string): Parcel[] {
  return [...parcels.values()].filter((parcel) => laneKey(parcel) === key);
}
