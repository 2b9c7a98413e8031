import { z } from 'zod';
import { commandBody } from '../world/command-body.ts';
import { messageBody } from '../world/message-body.ts';
import type { BodyKind } from './body-kind.ts';

const choices = z.array(
  z.strictObject({
    name: z.string(),
    name_localizations: z.record(z.string(), z.string()).nullish(),
    value: z.union([z.string(), z.number()]),
  }),
);

const modal = z.strictObject({
  custom_id: z.string(),
  title: z.string(),
  components: z.array(z.looseObject({ type: z.int() })),
});

const callbackBody = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal([4, 7]), data: messageBody.nullish() }),
  z.strictObject({ type: z.literal(5), data: z.strictObject({ flags: z.int().nullish() }).nullish() }),
  z.strictObject({ type: z.literal([1, 6, 12]), data: z.unknown().optional() }),
  z.strictObject({ type: z.literal(8), data: z.strictObject({ choices }) }),
  z.strictObject({ type: z.literal(9), data: modal }),
]);

const ARCHIVE_MINUTES = [60, 1440, 4320, 10_080] as const;
const threadBody = z.strictObject({
  name: z.string(),
  type: z.literal([11, 12]).optional(),
  auto_archive_duration: z.literal(ARCHIVE_MINUTES).optional(),
  rate_limit_per_user: z.int().nullish(),
  invitable: z.boolean().optional(),
});
const channelEdit = z.strictObject({
  name: z.string().optional(),
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
  auto_archive_duration: z.literal(ARCHIVE_MINUTES).optional(),
  rate_limit_per_user: z.int().nullish(),
  invitable: z.boolean().optional(),
  applied_tags: z.array(z.string()).optional(),
  flags: z.int().optional(),
});

/** The shape of each kind of body: always checked, before any rule looks at it. */
export const BODIES: Readonly<Record<BodyKind, z.ZodType>> = {
  message: messageBody,
  'message-edit': messageBody,
  'interaction-callback': callbackBody,
  command: commandBody,
  'command-edit': commandBody.partial(),
  'command-list': z.array(commandBody),
  thread: threadBody,
  'channel-edit': channelEdit,
};
