/** Discord, "Gateway intents": the bits that this server dispatches by, and those that need Discord's leave. */
const GUILDS = 1 << 0;
const GUILD_MESSAGES = 1 << 9;
const MESSAGE_CONTENT = 1 << 15;
const PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT;
const KNOWN = (1 << 22) - 1 + (1 << 24) + (1 << 25);

/** The close code for intents that Discord does not accept; null when it does. */
export function refuseIntents(intents: unknown): 4013 | 4014 | null {
  if (typeof intents !== 'number' || !Number.isInteger(intents) || intents < 0) return 4013;
  if ((intents & ~KNOWN) !== 0) return 4013;
  return (intents & PRIVILEGED) !== 0 ? 4014 : null;
}

/** Whether a session with these intents is told of an event. Interactions need none. */
export function wants(intents: number, event: string): boolean {
  const needed = NEEDED[event];
  return needed === undefined || (intents & needed) !== 0;
}

const NEEDED: Readonly<Record<string, number>> = {
  GUILD_CREATE: GUILDS,
  CHANNEL_UPDATE: GUILDS,
  CHANNEL_PINS_UPDATE: GUILDS,
  THREAD_CREATE: GUILDS,
  THREAD_UPDATE: GUILDS,
  MESSAGE_CREATE: GUILD_MESSAGES,
  MESSAGE_UPDATE: GUILD_MESSAGES,
  MESSAGE_DELETE: GUILD_MESSAGES,
};
