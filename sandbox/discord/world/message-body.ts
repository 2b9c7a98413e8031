import { z } from 'zod';

/**
 * The shape of a message in a request, unknown keys refused: always checked, so that nothing behind it meets a value
 * it cannot read, and so that a misspelt key is not silently lost (facts.md, Discord 9). Lengths and combinations
 * are in ../validate.
 */
const text = z.string().nullish();
const media = z.strictObject({
  url: z.string(),
  proxy_url: text,
  width: z.int().nullish(),
  height: z.int().nullish(),
  content_type: text,
});

export const embedShape = z.strictObject({
  type: text,
  title: text,
  description: text,
  url: text,
  timestamp: text,
  color: z.int().nullish(),
  footer: z.strictObject({ text: z.string(), icon_url: text, proxy_icon_url: text }).nullish(),
  image: media.nullish(),
  thumbnail: media.nullish(),
  author: z.strictObject({ name: z.string(), url: text, icon_url: text, proxy_icon_url: text }).nullish(),
  fields: z.array(z.strictObject({ name: z.string(), value: z.string(), inline: z.boolean().nullish() })).nullish(),
});

const emoji = z.strictObject({ id: text, name: text, animated: z.boolean().nullish() });
const id = z.int().nullish();
const button = z.strictObject({
  type: z.literal(2),
  id,
  style: z.int(),
  label: text,
  custom_id: text,
  url: text,
  sku_id: text,
  disabled: z.boolean().nullish(),
  emoji: emoji.nullish(),
});
const option = z.strictObject({
  label: z.string(),
  value: z.string(),
  description: text,
  default: z.boolean().nullish(),
  emoji: emoji.nullish(),
});
const select = z.strictObject({
  type: z.literal([3, 5, 6, 7, 8]),
  id,
  custom_id: z.string(),
  options: z.array(option).nullish(),
  placeholder: text,
  min_values: z.int().nullish(),
  max_values: z.int().nullish(),
  disabled: z.boolean().nullish(),
  required: z.boolean().nullish(),
  default_values: z.array(z.unknown()).nullish(),
  channel_types: z.array(z.int()).nullish(),
});
const row = z.strictObject({
  type: z.literal(1),
  id,
  components: z.array(z.discriminatedUnion('type', [button, select])),
});
/** Components v2 (sections, containers, …): read by nothing here but the walker, so only roughly checked. */
const block = z.looseObject({
  type: z.literal([9, 10, 11, 12, 13, 14, 17]),
  components: z.array(z.looseObject({ type: z.int() })).nullish(),
});

export const messageBody = z.strictObject({
  content: text,
  tts: z.boolean().nullish(),
  nonce: z.union([z.string(), z.int()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  embeds: z.array(embedShape).nullish(),
  components: z.array(z.discriminatedUnion('type', [row, block])).nullish(),
  allowed_mentions: z
    .strictObject({
      parse: z.array(z.enum(['users', 'roles', 'everyone'])).nullish(),
      users: z.array(z.string()).nullish(),
      roles: z.array(z.string()).nullish(),
      replied_user: z.boolean().nullish(),
    })
    .nullish(),
  flags: z.int().nullish(),
  message_reference: z
    .strictObject({
      message_id: z.string(),
      channel_id: text,
      guild_id: text,
      fail_if_not_exists: z.boolean().nullish(),
      type: z.int().nullish(),
    })
    .nullish(),
  attachments: z
    .array(
      z.looseObject({
        id: z.union([z.string(), z.int()]).transform(String),
        filename: text,
        description: text,
      }),
    )
    .nullish(),
  sticker_ids: z.array(z.string()).nullish(),
});

export type MessageBody = z.infer<typeof messageBody>;
