import type { Alert } from '../alerts/alert.ts';
import type { Silence } from '../alerts/silence.ts';
import { OWN_SCOPE } from '../model/source-state.ts';
import { describeSilence } from './alert-answers.ts';
import { wordForState } from './alert-message.ts';
import { joinLines } from './join-lines.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

export interface AlertListInput {
  readonly firing: readonly Alert[];
  readonly silences: readonly Silence[];
  /** Databases that are not seen. */
  readonly unseen: readonly string[];
  readonly at: number;
}

/** `/alert list`: what fires, what is silenced, who owns it. Pure. */
export function renderAlertList({ firing, silences, unseen, at }: AlertListInput): Message {
  return {
    embed: {
      title: firing.length === 0 ? 'Nothing fires' : `${firing.length} firing`,
      description: [...unseen.map(renderUnseen), describeFiring(firing)].join('\n'),
      colour: firing.length === 0 && unseen.length > 0 ? COLOURS.unknown : chooseColour(firing),
      ...(silences.length > 0 && {
        fields: [{ name: 'Silenced', value: joinLines(silences.map(renderSilence), 1_000) }],
      }),
      timestamp: at,
    },
    buttons: [{ id: 'alert.list:refresh', label: 'Refresh', style: 'quiet' }],
  };
}

function describeFiring(firing: readonly Alert[]): string {
  return firing.length === 0 ? 'No rule finds anything wrong.' : joinLines(firing.map(renderLine), 3_500);
}

function renderUnseen(database: string): string {
  return `⚠️ **${escapeUntrusted(database, 63)}** is not seen now: its alerts neither fire nor resolve.`;
}

function renderLine(alert: Alert): string {
  const { database, finding, firedAt, since, acknowledged, muted, blind } = alert;
  const owner = acknowledged ? ` · owned by <@${acknowledged.by}>` : '';
  const unseen = blind ? ' · not seen any more' : '';
  const symptom = muted ? ' · a symptom of another' : '';
  const fact = escapeUntrusted(finding.headline, 150);
  const where = database === OWN_SCOPE ? '' : `**${escapeUntrusted(database, 63)}**: `;
  return `${wordForState(alert)} ${where}${fact} · ${timestamp(firedAt ?? since)}${owner}${symptom}${unseen}`;
}

function renderSilence(silence: Silence): string {
  return `- ${describeSilence(silence)}, by <@${silence.by}>`;
}

function chooseColour(firing: readonly Alert[]): number {
  if (firing.some(({ severity }) => severity === 'critical')) return COLOURS.critical;
  return firing.length > 0 ? COLOURS.warning : COLOURS.calm;
}
