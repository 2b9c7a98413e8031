import { setTimeout as delay } from 'node:timers/promises';
import type { StoredMessage } from '../discord/world/messages.ts';
import type { Message } from '../discord/world/state.ts';
import type { Stage } from '../stage/set-stage.ts';
import { footerOf, titleOf } from './read-message.ts';
import type { Recorder } from './recorder.ts';

export const TOTAL = 'connections-total · main · total';
export const SITE = 'connections-application · main · site';
export const ORPHANED = 'connections-orphaned · main · orphaned';
export const UNREACHABLE = 'database-unreachable · main · clients';

/** A generous bound, of real time: a drill fails for what did not happen, never for a slow machine. */
export const WAIT = { timeoutMs: 20_000 } as const;

type State = 'firing' | 'acknowledged' | 'silenced' | 'resolved';

/** The alert's message once it stands in that state; rejects when it does not come. `key` is its footer. */
export function seeAlert(
  { discord }: Pick<Stage, 'discord'>,
  key: string,
  state: State,
  { timeoutMs }: { readonly timeoutMs: number } = WAIT,
): Promise<StoredMessage> {
  const fits = (message: Message): boolean => footerOf(message) === key && titleOf(message).includes(state);
  return discord.waitForMessage(fits, { timeoutMs, what: `the alert ${key}, ${state},` });
}

/** Whether every message of an alert comes to stand resolved: of one that fired more than once, the earlier ones do already. */
export function areAllResolved(stage: Pick<Stage, 'discord'>, key: string): Promise<boolean> {
  return comesToHold(() => messagesOf(stage, key).every((message) => titleOf(message).includes('resolved')));
}

/** The messages that an alert has in its channel: one, unless it fired again. */
export function messagesOf({ discord }: Pick<Stage, 'discord'>, key: string): readonly Message[] {
  return discord.messages(discord.channels.alerts).filter((message) => footerOf(message) === key);
}

/** How often people's phones rang: posts with the on-call role. An edit rings nobody. */
export function countPings({ discord }: Pick<Stage, 'discord'>, key?: string): number {
  return discord.events.items.filter(
    (event) =>
      event.type === 'message-created' &&
      event.message.content.includes(`<@&${discord.roles.onCall}>`) &&
      (key === undefined || footerOf(event.message) === key),
  ).length;
}

/** How often an alert's message turned from one state into another, and into which, since it was posted. */
export function statesOf({ discord }: Pick<Stage, 'discord'>, key: string): readonly string[] {
  const states = discord.events.items.flatMap((event) => {
    if (event.type !== 'message-created' && event.type !== 'message-edited') return [];
    return footerOf(event.message) === key ? [titleOf(event.message).split(':')[0] ?? ''] : [];
  });
  return states.filter((state, index) => state !== states[index - 1]);
}

/** What holds at the end of every drill, whatever went wrong in its world. */
export function expectNothingWrong({ discord, lives }: Pick<Stage, 'discord' | 'lives'>, recorder: Recorder): void {
  const [violation] = discord.violations;
  recorder.expect(
    violation === undefined,
    `Discord would have accepted every request${violation ? `: ${JSON.stringify(violation)}` : ''}`,
  );
  const faults = lives.log().filter(({ level }) => level === 'error' || level === 'fatal' || level === 'raw');
  recorder.expect(faults.length === 0, `the bot logged no error${faults.map(({ msg }) => `; ${msg}`).join('')}`);
  const lost = lives.all.map((bot) => bot.stderr()).join('');
  recorder.expect(lost === '', `the bot wrote no complaint${lost === '' ? '' : `: ${lost}`}`);
}

/** Waits until something holds in the world; gives whether it came to hold. */
export async function comesToHold(
  holds: () => Promise<boolean> | boolean,
  { timeoutMs }: { readonly timeoutMs: number } = WAIT,
): Promise<boolean> {
  for (const giveUpAt = Date.now() + timeoutMs; Date.now() < giveUpAt; await delay(20)) {
    if (await holds()) return true;
  }
  return false;
}
