import type { Answer } from '../answer.ts';
import { describeMetrics } from './describe-metrics.ts';
import type { MetricsSource, OwnFigures } from './metrics-source.ts';
import { readProcess } from './read-process.ts';

/** Answers a scrape from what is known at that moment. The library is loaded by the first one: many never scrape. */
export function createMetricsAnswer(
  readMetrics: () => MetricsSource,
  readWebhooks: () => OwnFigures['webhooks'],
): () => Promise<Answer> {
  return async () => {
    const { exposeMetrics } = await import('./expose-metrics.ts');
    const own = { ...(await readProcess()), webhooks: readWebhooks() };
    return exposeMetrics(describeMetrics(readMetrics(), own));
  };
}
