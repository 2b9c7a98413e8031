import type { Severity } from '../model/rule-options.ts';
import { listWithin } from './list-within.ts';
import { COLOURS, type Message } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

export interface DigestLine {
  /** Plain text, as the world gave it. */
  readonly line: string;
  readonly severity: Severity;
  readonly over: boolean;
  /** It goes on, and a newer message tells it: what is said of it here is not its newest state. */
  readonly superseded?: boolean;
}

const LONGEST_LINE = 150;

/** Many alerts that waited at once, in one message: those that still fire first. Pure. */
export function renderDigest(id: string, alerts: readonly DigestLine[]): Message {
  const firing = alerts.filter(isFiringHere);
  const ordered = [...firing, ...alerts.filter((alert) => !isFiringHere(alert))];
  return {
    embed: {
      title: describeAll(alerts, firing.length),
      description: [
        'They came faster than they could be posted one by one.',
        ...listWithin(ordered.map((alert) => `${markOf(alert)} ${escapeUntrusted(alert.line, LONGEST_LINE)}`)),
      ].join('\n'),
      colour: chooseColour(alerts, firing),
      // By this it is found again in the channel's history.
      footer: `digest · ${id}`,
    },
    buttons: [{ id: `alert.list:show:${id}`, label: 'Open alerts', style: 'quiet' }],
  };
}

function isFiringHere({ over, superseded = false }: DigestLine): boolean {
  return !over && !superseded;
}

function markOf({ over, superseded = false }: DigestLine): string {
  if (over) return '🟢';
  return superseded ? '⚪' : '🟠';
}

function describeAll(alerts: readonly DigestLine[], firing: number): string {
  if (firing > 0) return `🟠 firing: ${firing} of ${alerts.length} alerts`;
  const left = alerts.filter(({ over }) => !over).length;
  return left === 0
    ? `🟢 resolved: all ${alerts.length} alerts`
    : `⚪ posted again below: ${left} of ${alerts.length} alerts`;
}

function chooseColour(alerts: readonly DigestLine[], firing: readonly DigestLine[]): number {
  if (firing.some(({ severity }) => severity === 'critical')) return COLOURS.critical;
  if (firing.length > 0) return COLOURS.warning;
  return alerts.every(({ over }) => over) ? COLOURS.resolved : COLOURS.unknown;
}
