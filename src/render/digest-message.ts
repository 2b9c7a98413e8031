import type { Severity } from '../model/rule-options.ts';
import { listWithin } from './list-within.ts';
import { COLOURS, type Message } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

export interface DigestLine {
  /** Plain text, as the world gave it. */
  readonly line: string;
  readonly severity: Severity;
  readonly over: boolean;
}

const LONGEST_LINE = 150;

/** Many alerts that waited at once, in one message: those that still fire first. Pure. */
export function renderDigest(id: string, alerts: readonly DigestLine[]): Message {
  const firing = alerts.filter(({ over }) => !over);
  const ordered = [...firing, ...alerts.filter(({ over }) => over)];
  return {
    embed: {
      title:
        firing.length === 0
          ? `🟢 resolved: all ${alerts.length} alerts`
          : `🟠 firing: ${firing.length} of ${alerts.length} alerts`,
      description: [
        'They came faster than they could be posted one by one.',
        ...listWithin(ordered.map(({ line, over }) => `${over ? '🟢' : '🟠'} ${escapeUntrusted(line, LONGEST_LINE)}`)),
      ].join('\n'),
      colour: firing.length === 0 ? COLOURS.resolved : chooseColour(firing),
      // By this it is found again in the channel's history.
      footer: `digest · ${id}`,
    },
    buttons: [{ id: `alert.list:show:${id}`, label: 'List', style: 'quiet' }],
  };
}

function chooseColour(firing: readonly DigestLine[]): number {
  return firing.some(({ severity }) => severity === 'critical') ? COLOURS.critical : COLOURS.warning;
}
