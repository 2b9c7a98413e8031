import type { SandboxDiscord } from '../../discord/create-sandbox-discord.ts';
import { flattenComponents } from '../../discord/world/message-parts.ts';
import type { Message } from '../../discord/world/state.ts';
import { type Content, markOf, textOf } from './content.ts';

/** What went wrong, in words; nothing when every alert was told exactly once, in its last state and in order. */
export function checkChannel(sandbox: SandboxDiscord, alerts: readonly Content[]): readonly string[] {
  const { alerts: alertChannel, audit } = sandbox.channels;
  const standing = sandbox.messages(alertChannel);
  const created = sandbox.events.items.flatMap((event) => (event.type === 'message-created' ? [event.message] : []));
  const here = alerts.filter(({ elsewhere }) => !elsewhere);
  const elsewhere = alerts.filter((alert) => alert.elsewhere);
  const folders = standing.filter((message) => folderOf(message) !== null);
  return [
    ...here.flatMap((alert) => checkAlert(alert, standing, created)),
    ...elsewhere.flatMap((alert) => checkAlert(alert, sandbox.messages(audit), created)),
    ...checkStrays(elsewhere, standing),
    ...(['critical', 'normal'] as const).flatMap((lane) => checkOrder(lane, here, created)),
    ...checkOrder('other channel’s', elsewhere, created),
    ...checkNonces(created),
    ...folders.flatMap((folder) =>
      linesOf(folder).length > 0 || folderOf(folder) === 'note' ? [] : ['an empty digest'],
    ),
    ...sandbox.violations.map(({ message }) => `Discord would have refused: ${message}`),
  ];
}

/** How alerts were told, for the campaign's figures. */
export function countWays(sandbox: SandboxDiscord): {
  readonly own: number;
  readonly elsewhere: number;
  readonly digest: number;
  readonly note: number;
} {
  const { alerts, audit } = sandbox.channels;
  const standing = sandbox.messages(alerts);
  const told = (kind: string): number =>
    standing.filter((message) => folderOf(message) === kind).reduce((sum, message) => sum + linesOf(message).length, 0);
  return {
    own: standing.filter((message) => folderOf(message) === null).length,
    elsewhere: sandbox.messages(audit).length,
    digest: told('digest'),
    note: told('note'),
  };
}

function checkAlert(alert: Content, standing: readonly Message[], created: readonly Message[]): string[] {
  const own = standing.filter((message) => isOf(message, alert));
  const told = standing.flatMap(linesOf).filter((line) => line.includes(alert.alert));
  const pings = created.filter((message) => isOf(message, alert) && message.mention_roles.length > 0).length;
  const name = `${alert.alert} (${alert.critical ? 'critical' : 'warning'}, ${alert.state})`;
  const faults = [];
  if (own.length + told.length === 0) faults.push(`${name} was lost`);
  if (own.length + told.length > 1) faults.push(`${name} was told ${own.length} + ${told.length} times`);
  if (pings > 1) faults.push(`${name} pinged ${pings} times`);
  const texts = [...own.map(({ content }) => content), ...told];
  const stale = texts.filter((text) => !text.includes(textOf(alert)));
  if (stale.length > 0) faults.push(`${name} is told as "${stale.join('", "')}" and not as "${textOf(alert)}"`);
  return faults;
}

/** What belongs to another channel is told neither by the alert channel's messages nor by its digests and notes. */
function checkStrays(elsewhere: readonly Content[], standing: readonly Message[]): string[] {
  const strays = elsewhere.filter((alert) =>
    standing.some((message) => isOf(message, alert) || linesOf(message).some((line) => line.includes(alert.alert))),
  );
  return strays.map(({ alert }) => `${alert} was told in the wrong channel`);
}

/** First posts of a lane come in the order in which their alerts fired. */
function checkOrder(lane: string, alerts: readonly Content[], created: readonly Message[]): string[] {
  const ofLane = alerts.filter(({ critical }) => critical === (lane === 'critical'));
  const posted = created.flatMap((message) => ofLane.findIndex((alert) => isOf(message, alert)));
  const order = posted.filter((index) => index >= 0);
  const sorted = order.toSorted((a, b) => a - b);
  return order.join() === sorted.join() ? [] : [`the ${lane} lane posted in the order ${order.join()}`];
}

function checkNonces(created: readonly Message[]): string[] {
  const nonces = created.map(({ nonce }) => nonce);
  return new Set(nonces).size === nonces.length ? [] : ['a post was doubled under the same nonce'];
}

function isOf(message: Message, content: Content): boolean {
  return flattenComponents(message.components).some(({ custom_id: id }) => id === `alert.ack:${markOf(content)}`);
}

function folderOf({ embeds }: Message): 'digest' | 'note' | null {
  const kind = embeds[0]?.footer?.text.split(' · ')[0];
  return kind === 'digest' || kind === 'note' ? kind : null;
}

function linesOf(message: Message): string[] {
  if (folderOf(message) === null) return [];
  return (message.embeds[0]?.description ?? '').split('\n').filter((line) => line.includes('revision'));
}
