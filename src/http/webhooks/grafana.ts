import { z } from 'zod';
import type { ExternalAlert } from '../../model/external-alert.ts';
import { alertSchema, parsePayload } from './payload.ts';
import { toExternalAlert } from './to-external-alert.ts';
import type { Webhook } from './webhook.ts';

/** https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/ */
const grafanaAlertSchema = alertSchema.extend({
  panelURL: z.string().nullish(),
  dashboardURL: z.string().nullish(),
});

/** Grafana's unified alerting: Alertmanager's JSON with fields of its own. */
export const grafanaWebhook: Webhook = {
  source: 'grafana',
  busyStatus: 429,
  read(body, context) {
    const payload = parsePayload(body, grafanaAlertSchema);
    if (!payload.ok) return payload;
    const alerts = payload.alerts.map((alert) => {
      const { panelURL, dashboardURL, generatorURL } = alert;
      return toExternalAlert('grafana', alert, [panelURL, dashboardURL, generatorURL], context);
    });
    const tests = alerts.filter(isTest);
    const { truncated } = payload;
    if (tests.length === 0) return { ok: true, batches: [alerts], truncated };
    // Nobody ever resolves a test: it is shown, and over at once.
    return { ok: true, batches: [alerts, tests.map((alert) => endAt(alert, context.now))], truncated };
  },
};

function endAt(alert: ExternalAlert, endsAt: number): ExternalAlert {
  return { ...alert, firing: false, endsAt };
}

/** The contact point's "Test" button sends this one alert (newTestAlert in Grafana's ngalert/notifier). */
function isTest({ name, labels, firing }: ExternalAlert): boolean {
  return firing && name === 'TestAlert' && labels['instance'] === 'Grafana';
}
