import type { ChannelTransport, Delivered } from './transport.ts';

/** Counts how attempts ended, by their kind, since the start: for metrics. */
export interface DeliveryCounts {
  /** The same transport, counted. */
  count(transport: ChannelTransport): ChannelTransport;
  counts(): Readonly<Record<string, number>>;
}

export function createDeliveryCounts(): DeliveryCounts {
  const counts: Record<Delivered['kind'], number> = {
    delivered: 0,
    uncertain: 0,
    failed: 0,
    gone: 0,
    refused: 0,
    unauthorised: 0,
  };
  const noted = async (attempt: Promise<Delivered>): Promise<Delivered> => {
    const outcome = await attempt;
    counts[outcome.kind] += 1;
    return outcome;
  };
  return {
    count: (transport) => ({
      post: (message, nonce) => noted(transport.post(message, nonce)),
      edit: (messageId, message) => noted(transport.edit(messageId, message)),
      find: (marker, sinceMs) => transport.find(marker, sinceMs),
    }),
    counts: () => ({ ...counts }),
  };
}
