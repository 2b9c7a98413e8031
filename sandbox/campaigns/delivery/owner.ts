import type { Outbox } from '../../../src/delivery/outbox.ts';
import type { Json } from '../../../src/journal/journal.ts';
import type { Content } from './content.ts';
import type { Step } from './script.ts';

/** Who knows the alerts, and never forgets: it puts what changes, and after a restart all that it knows. */
export interface Owner {
  act(step: Extract<Step, { alert: string }>, outbox: Outbox | null): void;
  reconcile(outbox: Outbox): void;
  /** As they are now, in the order in which they fired. */
  readonly alerts: readonly Content[];
}

export function createOwner(otherChannel: string): Owner {
  const alerts = new Map<string, Content>();

  function put(outbox: Outbox, content: Content, durable: boolean): void {
    outbox.put({
      id: `${content.alert}.1`,
      lane: content.critical ? 'critical' : 'normal',
      urgent: content.state !== 'firing',
      final: content.state === 'resolved',
      at: Date.now(),
      content: content as unknown as Json,
      durable,
      ...(content.elsewhere && { channel: otherChannel }),
    });
  }

  return {
    act(step, outbox) {
      const before = alerts.get(step.alert);
      const { alert } = step;
      if (step.kind === 'fire') {
        alerts.set(alert, {
          alert,
          state: 'firing',
          revision: 1,
          critical: step.critical,
          elsewhere: step.elsewhere,
          chart: step.chart,
        });
      } else {
        if (!before || before.state === 'resolved') return;
        const state =
          step.kind === 'resolve' ? 'resolved' : step.kind === 'acknowledge' ? 'acknowledged' : before.state;
        alerts.set(alert, { ...before, state, revision: before.revision + 1 });
      }
      const now = alerts.get(alert);
      if (outbox && now) put(outbox, now, step.kind !== 'change');
    },
    reconcile(outbox) {
      for (const content of alerts.values()) put(outbox, content, true);
    },
    get alerts() {
      return [...alerts.values()];
    },
  };
}
