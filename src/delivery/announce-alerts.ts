import type { Alert, Transition } from '../alerts/lifecycle.ts';
import { renderAlert } from '../render/alert-message.ts';
import type { Message, MessageFile } from '../render/message.ts';
import type { MessageBoard } from './message-board.ts';

/** A chart is drawn again at most this often while an alert only changes its numbers: a picture that flickers is worse. */
const CHART_EVERY_MS = 10_000;

/**
 * Puts each alert's newest state on the board: one message per occurrence, from the first fire to the green one. The
 * post goes out without its chart, which takes longer to draw than to detect what it shows; the chart follows at once.
 */
export function createAnnouncer(options: {
  readonly board: MessageBoard;
  readonly onCallRole: string | undefined;
  readonly firstStepOf: (rule: string) => string;
  /** Draws the chart of an alert's database; null when it cannot be drawn: the alert goes without. */
  readonly paint: (alert: Alert) => Promise<MessageFile | null>;
  readonly now: () => number;
}): (transitions: readonly Transition[]) => void {
  const { board, onCallRole, firstStepOf, paint, now } = options;
  const charts = new Map<string, { readonly at: number; readonly state: string; readonly file: MessageFile | null }>();

  async function chartFor(key: string, alert: Alert): Promise<MessageFile | null> {
    const drawn = charts.get(key);
    if (drawn && drawn.state === alert.state && now() - drawn.at < CHART_EVERY_MS) return drawn.file;
    const file = await paint(alert);
    charts.set(key, { at: now(), state: alert.state, file });
    return file;
  }

  const render = (alert: Alert, chart: MessageFile | null): Message =>
    renderAlert({ alert, firstStep: firstStepOf(alert.rule), onCallRole, chart });

  return (transitions) => {
    for (const { kind, alert } of transitions) {
      // Each occurrence has a message of its own; the alert's key alone would edit last week's.
      const key = `${alert.key} @ ${alert.firedAt ?? alert.since}`;
      const final = kind === 'resolved';
      if (final) charts.delete(key);
      board.put(key, {
        urgent: kind !== 'changed',
        final,
        ...(kind === 'fired'
          ? { render: async () => render(alert, null), complete: () => renderWithChart() }
          : { render: () => renderWithChart() }),
      });

      async function renderWithChart(): Promise<Message> {
        return render(alert, final ? await paint(alert) : await chartFor(key, alert));
      }
    }
  };
}
