import type { FileStore, StoredFile } from './files.ts';
import type { MessageBody } from './message-body.ts';
import type { Attachment, Embed, EmbedMedia, Upload } from './message-parts.ts';

interface Parts {
  readonly body: MessageBody;
  readonly uploads: readonly Upload[];
  readonly existing: readonly StoredFile[];
  readonly embeds: readonly Embed[];
  readonly channelId: string;
  readonly files: FileStore;
}

export interface Composed {
  readonly files: readonly StoredFile[];
  readonly attachments: Attachment[];
  readonly embeds: Embed[];
}

/**
 * The files and embeds of a message after a create or an edit. `attachments` in the body names all that shall be
 * there afterwards, kept and new; left out, everything stays (Discord, "Editing message attachments"). A file that
 * an embed shows is not listed as an attachment.
 */
export function composeFiles({ body, uploads, existing, embeds, channelId, files }: Parts): Composed {
  const named = body.attachments ?? null;
  const kept = named === null ? existing : existing.filter(({ attachment }) => hasId(named, attachment.id));
  for (const { attachment } of existing.filter((file) => !kept.includes(file))) files.drop(attachment.id);
  const added = uploads.map((upload) => {
    const about = named?.find(({ id }) => id === String(upload.index));
    const renamed = { ...upload, filename: about?.filename ?? upload.filename };
    return files.add(channelId, renamed, about?.description ?? undefined);
  });
  const all = [...kept, ...added];
  const nowEmbeds =
    body.embeds === undefined ? [...embeds] : (body.embeds ?? []).map((embed) => finishEmbed(embed as Embed, all));
  const shown = new Set(nowEmbeds.flatMap(({ image, thumbnail }) => [image?.url, thumbnail?.url]));
  return {
    files: all,
    embeds: nowEmbeds,
    attachments: all.map(({ attachment }) => attachment).filter(({ url }) => !shown.has(url)),
  };
}

function hasId(named: readonly { readonly id: string | number }[], id: string): boolean {
  return named.some((one) => String(one.id) === id);
}

function finishEmbed(embed: Embed, files: readonly StoredFile[]): Embed {
  const media = (given: EmbedMedia): EmbedMedia => {
    const name = /^attachment:\/\/(.+)$/.exec(given.url)?.[1];
    const file = files.findLast(({ attachment }) =>
      name === undefined ? attachment.url === given.url : attachment.filename === name,
    );
    if (file === undefined) return { ...given, proxy_url: given.url };
    const { url, proxy_url, width, height } = file.attachment;
    return { url, proxy_url, width: width ?? 0, height: height ?? 0 };
  };
  return {
    ...embed,
    type: 'rich',
    ...(embed.image && { image: media(embed.image) }),
    ...(embed.thumbnail && { thumbnail: media(embed.thumbnail) }),
    ...(embed.fields && { fields: embed.fields.map((field) => ({ ...field, inline: field.inline ?? false })) }),
  };
}
