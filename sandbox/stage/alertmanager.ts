import { createHash } from 'node:crypto';
import { WEBHOOK_TOKEN } from './bot-environment.ts';

/** Somebody else's alert, as Prometheus has it. */
export interface ForeignAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}

/**
 * Sends one notification of Alertmanager's (webhook version 4, in the form of its documentation) with all of the alerts
 * in it; gives the answer's status.
 */
export async function notify(
  httpUrl: string,
  status: 'firing' | 'resolved',
  alerts: readonly ForeignAlert[],
  times: { readonly startsAt: number; readonly endsAt: number | null },
): Promise<number> {
  const startsAt = new Date(times.startsAt).toISOString();
  const endsAt = times.endsAt === null ? '0001-01-01T00:00:00Z' : new Date(times.endsAt).toISOString();
  const alertname = alerts[0]?.labels['alertname'] ?? '';
  const answer = await fetch(`${httpUrl}/webhooks/alertmanager`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${WEBHOOK_TOKEN}` },
    body: JSON.stringify({
      version: '4',
      groupKey: `{}:{alertname="${alertname}"}`,
      truncatedAlerts: 0,
      status,
      receiver: 'breakwater',
      groupLabels: { alertname },
      commonLabels: { alertname },
      commonAnnotations: {},
      externalURL: 'http://alertmanager.example.org:9093',
      alerts: alerts.map(({ labels, summary }) => ({
        status,
        labels,
        annotations: { summary },
        startsAt,
        endsAt,
        generatorURL: 'http://prometheus.example.org:9090/graph',
        fingerprint: createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 16),
      })),
    }),
  });
  await answer.body?.cancel();
  return answer.status;
}
