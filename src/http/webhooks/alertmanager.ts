import { alertSchema, parsePayload } from './payload.ts';
import { toExternalAlert } from './to-external-alert.ts';
import type { Webhook } from './webhook.ts';

/**
 * Prometheus Alertmanager's webhook, version 4 of its JSON. It repeats on 5xx only: a 429 is given up for the time being,
 * and with it a "resolved" that nothing follows (prometheus/alertmanager#2121).
 */
export const alertmanagerWebhook: Webhook = {
  source: 'alertmanager',
  busyStatus: 503,
  read(body, context) {
    const payload = parsePayload(body, alertSchema);
    if (!payload.ok) return payload;
    const alerts = payload.alerts.map((alert) => toExternalAlert('alertmanager', alert, [alert.generatorURL], context));
    return { ok: true, batches: [alerts], truncated: payload.truncated };
  },
};
