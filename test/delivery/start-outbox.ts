import { createOutbox } from '../../src/delivery/create-outbox.ts';
import type { Fallback, GivenUp, Letter, Outbox } from '../../src/delivery/outbox.ts';
import type { Tuning } from '../../src/delivery/tuning.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { createFakeChannel, type FakeChannel } from './fake-channel.ts';
import { createFakeJournal } from './fake-journal.ts';

interface Content {
  readonly text: string;
  readonly mark: string;
  readonly chart: boolean;
  readonly ping: boolean;
  readonly bad: boolean;
}

type Parts = Partial<Omit<Letter, 'content'> & Omit<Content, 'text'>>;

/** A letter whose message is `text`; `a` and `a.1` are the first post of the alert `a`. */
export function letter(id: string, text: string, parts: Parts = {}): Letter {
  const { chart = false, ping = false, bad = false, ...rest } = parts;
  const mark = parts.channel === undefined && !parts.single ? (id.split('.')[0] ?? id) : id;
  return {
    id,
    lane: 'normal',
    urgent: false,
    final: false,
    at: 0,
    durable: true,
    ...rest,
    content: { text, mark, chart, ping, bad, over: rest.final ?? false },
  };
}

/** An outbox with a fake channel and a fake journal, which outlive it. */
export async function startOutbox(options: { readonly tuning?: Partial<Tuning>; readonly fallback?: Fallback } = {}) {
  const clock = createManualClock();
  const channel = createFakeChannel(clock);
  /** The others than the alert channel, by their ids. */
  const places = new Map<string, FakeChannel>();
  const placeOf = (id: string): FakeChannel => {
    const place = places.get(id) ?? createFakeChannel(clock, id);
    places.set(id, place);
    return place;
  };
  const posted: string[] = [];
  const givenUp: GivenUp[] = [];
  let whenGivenUp: (outbox: Outbox) => void = () => {};
  const log = createRecordedLog();
  const journal = createFakeJournal();
  let nonces = 0;
  const start = (): Promise<Outbox> =>
    createOutbox({
      journal: journal.journal,
      transports: { ...channel.transports, elsewhere: (id) => placeOf(id).createTransport() },
      onPosted: (id, messageId) => void posted.push(`${id} ${messageId}`),
      onGivenUp(one) {
        givenUp.push(one);
        whenGivenUp(outbox);
      },
      fallback: options.fallback ?? null,
      async render(content, { complete }) {
        const { text, mark, chart, ping, bad } = content as unknown as Content;
        if (bad) throw new Error('no font');
        return {
          content: text,
          buttons: [{ id: `alert.ack:${mark}`, label: 'Acknowledge', style: 'act' }],
          ...(ping && { pingRoles: ['on-call'] }),
          ...(complete &&
            chart && {
              file: { name: 'chart.png', type: 'image/png' as const, description: '', data: new Uint8Array() },
            }),
        };
      },
      describe(content) {
        const { text, over } = content as unknown as { readonly text: string; readonly over: boolean };
        return { line: text, severity: 'warning', over };
      },
      clock,
      log,
      newNonce: () => `nonce-${(nonces += 1)}`,
      random: () => 0,
      ...(options.tuning && { tuning: options.tuning }),
    });
  const outbox = await start();
  return {
    outbox,
    clock,
    log,
    journal,
    ...channel,
    channel,
    placeOf,
    posted,
    givenUp,
    whenGivenUp: (act: typeof whenGivenUp) => void (whenGivenUp = act),
    settle,
    /** As after a kill -9: the outbox before is left where it stands, and must not be advanced any more by what it waits for. */
    restart: start,
  };
}
