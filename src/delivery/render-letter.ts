import { type Alert, letterId } from '../alerts/alert.ts';
import type { Json } from '../journal/journal.ts';
import type { Evidence } from '../model/evidence.ts';
import { OWN_SCOPE } from '../model/source-state.ts';
import { renderAct } from '../render/act-message.ts';
import { renderAlert } from '../render/alert-message.ts';
import { renderNewFaults } from '../render/check-message.ts';
import { renderIncidentSummary } from '../render/incident-message.ts';
import { COLOURS, type Message, type MessageFile } from '../render/message.ts';
import { renderRun } from '../render/recover-message.ts';
import { renderBrokeGlass, renderEvidence, tellInstead } from '../render/recovery-letters.ts';
import { renderNarration } from '../render/timeline-line.ts';
import { type AlertContent, type RecoveryContent, type RecoveryNews, readLetter } from './letter-content.ts';
import { isWithin } from './wait.ts';

/** A chart is drawn again at most this often while an alert only changes its numbers: a picture that flickers is worse. */
const CHART_EVERY_MS = 10_000;

/** The charts drawn lately, by letter. */
export type ChartCache = Map<string, { readonly at: number; readonly file: MessageFile | null }>;

/** Renders a letter of any kind, an alert with its chart where there is time for one. */
export function createLetterRenderer(options: {
  readonly onCallRole: string | undefined;
  readonly firstStepOf: (rule: string) => string;
  /** Draws the chart of an alert's database; null where there is none, or it cannot be drawn: the alert goes without. */
  readonly paint: (alert: Alert) => Promise<MessageFile | null>;
  /** What is kept of a run; null: nothing. Throws where it cannot be read now: the letter waits, and is rendered again. */
  readonly readEvidence: (runId: string) => Promise<Evidence | null>;
  readonly now: () => number;
  readonly charts?: ChartCache;
}): (content: Json, how: { readonly complete: boolean }) => Promise<Message> {
  const { onCallRole, firstStepOf, paint, readEvidence, now, charts = new Map() as ChartCache } = options;

  async function chartFor(alert: Alert): Promise<MessageFile | null> {
    const key = letterId(alert) ?? alert.id;
    // A picture each: one that is too old is of no use, and its message may have been deleted or replaced meanwhile.
    for (const [old, { at }] of charts) if (!isWithin(at, CHART_EVERY_MS, now())) charts.delete(old);
    const drawn = charts.get(key);
    if (alert.state === 'resolved') charts.delete(key);
    else if (drawn) return drawn.file;
    const file = await paint(alert);
    if (alert.state !== 'resolved') charts.set(key, { at: now(), file });
    return file;
  }

  async function renderAlertLetter(content: AlertContent, complete: boolean): Promise<Message> {
    const { alert, symptoms, superseded } = content;
    return renderAlert({
      alert,
      symptoms,
      superseded,
      firstStep: firstStepOf(alert.rule),
      onCallRole,
      chart: complete && superseded === false ? await chartFor(alert) : null,
    });
  }

  async function renderRecoveryLetter({ recovery, instead }: RecoveryContent): Promise<Message> {
    const message = await renderNews(recovery);
    return instead === null ? message : tellInstead(message, instead.channel, instead.reason);
  }

  async function renderNews(news: RecoveryNews): Promise<Message> {
    switch (news.kind) {
      case 'run':
        return renderRun(news.view);
      case 'broke-glass':
        return renderBrokeGlass(news, onCallRole);
      case 'evidence':
        return renderEvidence(news, news.count === 0 ? null : await readEvidence(news.runId));
    }
  }

  return async (json, { complete }) => {
    const { kind, content } = readLetter(json);
    switch (kind) {
      case 'alert':
        return renderAlertLetter(content, complete);
      case 'incident':
        return withMark(renderIncidentSummary(content.incident, now(), { totals: content.totals }), content.mark);
      case 'narration':
        return withMark(renderNarration(content.narration.incident, content.narration.events), content.mark);
      case 'act':
        return withMark(renderAct(content.act, content.instead), content.mark);
      case 'check':
        return withMark(renderNewFaults(content.check, content.instead), content.mark);
      case 'recovery':
        return withMark(await renderRecoveryLetter(content), content.mark);
    }
  };
}

/** By its footer it is found again in the channel's history. */
function withMark(message: Message, mark: string): Message {
  const { embed = { title: mark, colour: COLOURS.unknown } } = message;
  return { ...message, embed: { ...embed, footer: embed.footer === undefined ? mark : `${embed.footer} · ${mark}` } };
}

/** The alert in one line, for a digest or a note, which tell of no other letter; plain, hostile text. */
export function describeAlert(content: Json): {
  readonly line: string;
  readonly severity: Alert['severity'];
  readonly over: boolean;
  readonly superseded: boolean;
} {
  const { alert, superseded } = content as unknown as AlertContent;
  const { headline } = alert.finding;
  return {
    line: alert.database === OWN_SCOPE ? headline : `${alert.database}: ${headline}`,
    severity: alert.severity,
    over: alert.state === 'resolved',
    superseded: superseded !== false,
  };
}
