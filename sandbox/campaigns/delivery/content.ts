import type { Described } from '../../../src/delivery/outbox.ts';
import type { Json } from '../../../src/journal/journal.ts';
import type { Message } from '../../../src/render/message.ts';

/** What a letter of the campaign is rendered from. */
export interface Content {
  readonly alert: string;
  readonly state: 'firing' | 'acknowledged' | 'resolved';
  readonly revision: number;
  readonly critical: boolean;
  /** In a channel of its own, as a thread's letters are. */
  readonly elsewhere: boolean;
  readonly chart: boolean;
}

const CHART = { name: 'chart.png', type: 'image/png' as const, description: 'A chart', data: Buffer.from('a picture') };

/** By what its messages are found: an alert's letters have its id, others their own. */
export function markOf({ alert, elsewhere }: Content): string {
  return elsewhere ? `${alert}.1` : alert;
}

/** What the message of an alert says: of its state, all. */
export function textOf({ alert, state, revision }: Content): string {
  return `${alert} is ${state}, revision ${revision}`;
}

export function renderContent(onCallRole: string): (json: Json, how: { complete: boolean }) => Promise<Message> {
  return async (json, { complete }) => {
    const content = json as unknown as Content;
    const pings = content.critical && content.state === 'firing';
    return {
      content: pings ? `<@&${onCallRole}> ${textOf(content)}` : textOf(content),
      ...(pings && { pingRoles: [onCallRole] }),
      buttons: [{ id: `alert.ack:${markOf(content)}`, label: 'Acknowledge', style: 'act' }],
      ...(complete && content.chart && { file: CHART }),
    };
  };
}

export function describeContent(json: Json): Described {
  const content = json as unknown as Content;
  return {
    line: textOf(content),
    severity: content.critical ? 'critical' : 'warning',
    over: content.state === 'resolved',
  };
}
