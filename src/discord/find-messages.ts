import type { REST } from '@discordjs/rest';
import { Routes } from 'discord-api-types/v10';
import { z } from 'zod';
import type { Found } from '../delivery/transport.ts';
import { classifySendError } from './classify-send-error.ts';

/** Discord's page; and after so many pages nobody will find it: 5,000 messages since the alert. */
const PAGE = 100;
const MOST_PAGES = 50;
const DISCORD_EPOCH_MS = 1_420_070_400_000;

const userSchema = z.object({ id: z.string() });
const componentSchema = z.object({
  custom_id: z.string().optional(),
  components: z.array(z.object({ custom_id: z.string().optional() })).optional(),
});
const pageSchema = z.array(
  z.object({
    id: z.string(),
    author: userSchema,
    components: z.array(componentSchema).optional(),
    embeds: z.array(z.object({ footer: z.object({ text: z.string() }).optional() })),
  }),
);

type PastMessage = z.infer<typeof pageSchema>[number];

/** Finds own messages by their mark. Needs View Channel and Read Message History; remembers who it is after the first time. */
export function createFinder(rest: REST, channelId: string): (mark: string, sinceMs: number) => Promise<Found> {
  let ownId: string | null = null;
  return async (mark, sinceMs) => {
    try {
      ownId ??= userSchema.parse(await rest.get(Routes.user())).id;
      const found: string[] = [];
      let after = snowflakeAt(sinceMs);
      for (let read = 0; read < MOST_PAGES; read += 1) {
        const query = new URLSearchParams({ after: String(after), limit: String(PAGE) });
        const page = pageSchema.parse(await rest.get(Routes.channelMessages(channelId), { query }));
        found.push(...page.filter((one) => one.author.id === ownId && carries(one, mark)).map(({ id }) => id));
        if (page.length < PAGE) return { kind: 'found', messageIds: found.sort(byAge) };
        after = page.map(({ id }) => BigInt(id)).reduce((a, b) => (a > b ? a : b), after);
      }
      return { kind: 'refused', reason: `more than ${PAGE * MOST_PAGES} messages since then` };
    } catch (error) {
      const told = classifySendError(error);
      if (told.kind === 'gone') return { kind: 'refused', reason: 'the channel is gone' };
      if (told.kind === 'refused' || told.kind === 'failed') return told;
      return { kind: 'failed', reason: told.reason, retryAfterMs: 0 };
    }
  };
}

function carries({ components = [], embeds }: PastMessage, mark: string): boolean {
  const customIds = components.flatMap((row) => [row, ...(row.components ?? [])]).map(({ custom_id: id = '' }) => id);
  const parts = [
    ...customIds.flatMap((id) => id.split(':')),
    ...embeds.flatMap(({ footer }) => footer?.text.split(' · ') ?? []),
  ];
  return parts.some((part) => part === mark || part.startsWith(`${mark}.`));
}

/** The least id that a message of that time could have. */
function snowflakeAt(ms: number): bigint {
  return BigInt(Math.max(0, Math.floor(ms) - DISCORD_EPOCH_MS)) << 22n;
}

function byAge(a: string, b: string): number {
  return BigInt(a) < BigInt(b) ? -1 : 1;
}
