import type { ExternalSource } from '../../model/external-alert.ts';
import type { WebhookOutcome } from '../webhooks/receive-webhook.ts';
import type { OwnFigures } from './metrics-source.ts';

/** Counts since the start; at most one number per source and outcome. */
export function createWebhookCounts(): {
  count(source: ExternalSource, outcome: WebhookOutcome): void;
  read(): OwnFigures['webhooks'];
} {
  const counts = new Map<string, OwnFigures['webhooks'][number]>();
  return {
    count(source, outcome) {
      const key = `${source} ${outcome}`;
      counts.set(key, { source, outcome, count: (counts.get(key)?.count ?? 0) + 1 });
    },
    read: () => [...counts.values()],
  };
}
