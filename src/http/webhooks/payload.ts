import { z } from 'zod';
import type { ReadAlerts } from './webhook.ts';

const texts = z.record(z.string(), z.string()).nullish();

/**
 * One alert as Alertmanager writes it, and Grafana after it; what else they send is let be.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts,
  startsAt: z.string().nullish(),
  /** `0001-01-01T00:00:00Z` while it fires. */
  endsAt: z.string().nullish(),
  generatorURL: z.string().nullish(),
  /** Alertmanager has sent it since 0.19. */
  fingerprint: z.string().nullish(),
});

export type AlertPayload = z.infer<typeof alertSchema>;

const outlineSchema = z.object({
  alerts: z.array(z.unknown()),
  /** How many `max_alerts` left out. */
  truncatedAlerts: z.number().catch(0),
});

/** Alerts in one payload at most: an Alertmanager's `max_alerts` cuts them down on its side. */
const MOST_ALERTS = 1_000;

/** Parses what is common to both senders, or says where the body is not what it should be. */
export function parsePayload<Alert>(
  body: unknown,
  alert: z.ZodType<Alert>,
):
  | { readonly ok: true; readonly alerts: readonly Alert[]; readonly truncated: number }
  | Extract<ReadAlerts, { readonly ok: false }> {
  const outline = outlineSchema.safeParse(body);
  if (!outline.success) return malformed(outline.error);
  const { alerts, truncatedAlerts } = outline.data;
  const { length } = alerts;
  if (length > MOST_ALERTS) {
    const reason = `${length} alerts are too many for one request: set max_alerts to ${MOST_ALERTS} or less`;
    return { ok: false, fault: 'too-many', reason };
  }
  const parsed = z.object({ alerts: z.array(alert) }).safeParse(body);
  if (!parsed.success) return malformed(parsed.error);
  return { ok: true, alerts: parsed.data.alerts, truncated: truncatedAlerts };
}

const FAULTS_SHOWN = 3;

/** zod's messages name types and choices, never the value that was there. */
function malformed({ issues }: z.ZodError): Extract<ReadAlerts, { readonly ok: false }> {
  const shown = issues.slice(0, FAULTS_SHOWN).map(({ path, message }) => {
    return `${path.map(String).join('.').slice(0, 100) || 'the body'}: ${message}`;
  });
  const rest = issues.length > FAULTS_SHOWN ? `; and ${issues.length - FAULTS_SHOWN} more` : '';
  return { ok: false, fault: 'malformed', reason: `${shown.join('; ')}${rest}` };
}
