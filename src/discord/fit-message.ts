import { type APIEmbed, type APIMessageTopLevelComponent, ButtonStyle, ComponentType } from 'discord-api-types/v10';
import type { Button, Embed, Message, MessageFile } from '../render/message.ts';

/**
 * Discord's limits (facts.md, Discord 7), enforced in this one place: over-long text is cut with a note, empty parts
 * are left out, so that a long name in an incident is never answered with a 400.
 */
const LIMITS = {
  content: 2000,
  title: 256,
  description: 4096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1024,
  footer: 2048,
  embedTotal: 6000,
  buttons: 5,
  label: 80,
  customId: 100,
  files: 10,
  fileDescription: 1024,
} as const;

const CUT_NOTE = ' … (cut)';

/** A message body of Discord's API; files travel beside it as multipart. */
export interface MessageBody {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly allowed_mentions: { readonly parse: readonly []; readonly roles?: readonly string[] };
  /** Always given: an edit keeps what it does not list, and an old chart beside new numbers would lie. */
  readonly attachments: readonly { readonly id: string; readonly filename: string; readonly description: string }[];
}

/** Turns a message into a body that Discord accepts. Throws RangeError for a custom id it could not route back. */
export function fitMessage(message: Message): MessageBody {
  const { content = '', pingRoles = [], embed, buttons = [], file } = message;
  return {
    content: cutWithNote(content, LIMITS.content),
    embeds: embed ? [fitEmbed(embed, file?.name)] : [],
    components: buttons.length > 0 ? [fitRow(buttons)] : [],
    allowed_mentions: pingRoles.length > 0 ? { parse: [], roles: pingRoles } : { parse: [] },
    attachments: listFiles(message).map(({ name, description }, index) => ({
      id: String(index),
      filename: name,
      description: cutWithNote(description, LIMITS.fileDescription),
    })),
  };
}

/** The picture first, as `fitMessage` numbers them; ten at most. */
export function listFiles({ file, attachments = [] }: Message): readonly MessageFile[] {
  return [...(file ? [file] : []), ...attachments].slice(0, LIMITS.files);
}

/** Cuts text to `limit` characters and says so; never splits a surrogate pair or leaves a lone backslash. */
export function cutWithNote(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - CUT_NOTE.length).replace(/[\uD800-\uDBFF]$/, '');
  return kept.replace(/\\+$/, '') + CUT_NOTE;
}

function fitEmbed(embed: Embed, image: string | undefined): APIEmbed {
  let room: number = LIMITS.embedTotal;
  // The total is spent in the order of importance; what comes last is what is cut.
  const spend = (text: string, limit: number): string => {
    const fitted = room < CUT_NOTE.length ? '' : cutWithNote(text, Math.min(limit, room));
    room -= fitted.length;
    return fitted;
  };
  const title = spend(embed.title, LIMITS.title);
  const footer = spend(embed.footer ?? '', LIMITS.footer);
  const description = spend(embed.description ?? '', LIMITS.description);
  const fields = (embed.fields ?? []).slice(0, LIMITS.fields).flatMap((field) => {
    if (room < 2 * CUT_NOTE.length) return [];
    const name = spend(field.name, LIMITS.fieldName);
    const value = spend(field.value, LIMITS.fieldValue);
    return name === '' || value === '' ? [] : [{ name, value, inline: field.inline ?? false }];
  });
  return {
    title,
    color: embed.colour,
    ...(description !== '' && { description }),
    ...(fields.length > 0 && { fields }),
    ...(footer !== '' && { footer: { text: footer } }),
    ...(embed.timestamp !== undefined && { timestamp: new Date(embed.timestamp).toISOString() }),
    ...(image !== undefined && { image: { url: `attachment://${image}` } }),
  };
}

const STYLES = {
  act: ButtonStyle.Primary,
  danger: ButtonStyle.Danger,
  quiet: ButtonStyle.Secondary,
} as const satisfies Record<Button['style'], ButtonStyle>;

function fitRow(buttons: readonly Button[]): APIMessageTopLevelComponent {
  return {
    type: ComponentType.ActionRow,
    components: buttons.slice(0, LIMITS.buttons).map((button) => {
      // A cut id would route to nothing, or to something else.
      if (button.id.length > LIMITS.customId) throw new RangeError(`custom id of ${button.id.length} characters`);
      return {
        type: ComponentType.Button,
        style: STYLES[button.style],
        custom_id: button.id,
        label: cutWithNote(button.label, LIMITS.label),
        disabled: button.disabled ?? false,
      };
    }),
  };
}
