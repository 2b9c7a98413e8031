import type { ChannelTransport, Delivered, Found } from '../../src/delivery/transport.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Message } from '../../src/render/message.ts';

export interface Sent {
  readonly kind: 'post' | 'edit' | 'find';
  readonly text: string;
  readonly nonce?: string;
  readonly at: number;
  readonly file: boolean;
  readonly pings: number;
}

export interface Standing {
  readonly id: string;
  readonly nonce: string;
  readonly at: number;
  message: Message;
}

/** What happens to the next request: an answer in the place of Discord's; `stored`, it takes effect all the same. */
export type Trouble =
  | (Exclude<Delivered, { kind: 'delivered' }> & { readonly stored?: boolean })
  | 'hang'
  | Found
  | { readonly until: Promise<void> }
  /** It takes effect so much later; meanwhile the request is given up, or never answered. */
  | { readonly lateMs: number; readonly answered: boolean };

const NONCE_REMEMBERED_MS = 180_000;

/** A channel that behaves like Discord's, but for the troubles it is told of, which strike request by request. */
export function createFakeChannel(clock: Clock, name = 'm') {
  const sent: Sent[] = [];
  const standing: Standing[] = [];
  const troubles: { readonly post: Trouble[]; readonly edit: Trouble[]; readonly find: Trouble[] } = {
    post: [],
    edit: [],
    find: [],
  };
  /** For as long as it is set. */
  let broken: Trouble | null = null;
  let ids = 0;
  /** Texts that make Discord fail. */
  const poison = new Set<string>();

  async function answer<T>(kind: 'post' | 'edit' | 'find', act: () => T): Promise<T> {
    const trouble = troubles[kind].shift() ?? broken;
    if (trouble === null) return act();
    if (trouble === 'hang') return new Promise<never>(() => {});
    if (typeof trouble === 'object' && 'lateMs' in trouble) {
      void clock.sleep(trouble.lateMs).then(act);
      return trouble.answered ? ({ kind: 'uncertain', reason: 'no answer' } as T) : new Promise<never>(() => {});
    }
    if ('until' in trouble) return trouble.until.then(act);
    if ('stored' in trouble && trouble.stored) act();
    if (kind === 'find' && !['found', 'refused', 'failed'].includes(trouble.kind)) {
      return { kind: 'failed', reason: 'no answer', retryAfterMs: 0 } as T;
    }
    return trouble as T;
  }

  function createTransport(): ChannelTransport {
    return {
      post(message, nonce) {
        sent.push({ kind: 'post', text: textOf(message), nonce, ...shapeOf(message) });
        if (poison.has(textOf(message))) return Promise.resolve({ kind: 'uncertain', reason: '500' });
        return answer<Delivered>('post', () => {
          const earlier = standing.find((one) => one.nonce === nonce && clock.now() - one.at < NONCE_REMEMBERED_MS);
          if (earlier) return { kind: 'delivered', messageId: earlier.id };
          const id = `${name}${(ids += 1)}`;
          standing.push({ id, nonce, at: clock.now(), message });
          return { kind: 'delivered', messageId: id };
        });
      },
      edit(messageId, message) {
        sent.push({ kind: 'edit', text: textOf(message), ...shapeOf(message) });
        return answer<Delivered>('edit', () => {
          const stored = standing.find(({ id }) => id === messageId);
          if (!stored) return { kind: 'gone' };
          stored.message = message;
          return { kind: 'delivered', messageId };
        });
      },
      find(mark, sinceMs) {
        sent.push({ kind: 'find', text: mark, at: clock.now(), file: false, pings: 0 });
        return answer<Found>('find', () => ({
          kind: 'found',
          messageIds: standing.filter(({ at, message }) => at >= sinceMs && carries(message, mark)).map(({ id }) => id),
        }));
      },
    };
  }

  function shapeOf({ file, pingRoles = [] }: Message) {
    return { at: clock.now(), file: file !== undefined, pings: pingRoles.length };
  }

  return {
    transports: { critical: createTransport(), normal: createTransport() },
    createTransport,
    sent,
    standing,
    troubles,
    poison,
    break: (trouble: Trouble | null) => void (broken = trouble),
    texts: () => standing.map(({ message }) => textOf(message)),
    /** As kind and text. */
    story: () => sent.map(({ kind, text }) => `${kind} ${text}`),
  };
}

export type FakeChannel = ReturnType<typeof createFakeChannel>;

function textOf({ content, embed }: Message): string {
  return content ?? embed?.title ?? '';
}

function carries({ buttons = [], embed }: Message, mark: string): boolean {
  const parts = [...buttons.flatMap(({ id }) => id.split(':')), ...(embed?.footer?.split(' · ') ?? [])];
  return parts.some((part) => part === mark || part.startsWith(`${mark}.`));
}
