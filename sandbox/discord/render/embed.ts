import type { Embed } from '../world/message-parts.ts';
import type { Paint } from './paint.ts';
import { wrap } from './wrap.ts';

interface EmbedOptions {
  readonly width: number;
  readonly style: Paint;
  readonly text: (raw: string) => string;
}

type Field = NonNullable<Embed['fields']>[number];

/** Discord puts up to three inline fields side by side. */
const FIELDS_ABREAST = 3;

/** An embed as lines, each behind its bar. */
export function renderEmbed(embed: Embed, { width, style, text }: EmbedOptions): string[] {
  const room = Math.max(20, width - 2);
  const block = (raw: string | undefined): string[] => (raw === undefined ? [] : wrap(text(raw), room));
  const image = [embed.image, embed.thumbnail].flatMap((media) => (media === undefined ? [] : [media]));
  const lines = [
    ...block(embed.author?.name),
    ...block(embed.title).map((line) => style.bold(line)),
    ...block(embed.description),
    ...abreast(embed.fields ?? []).flatMap((fields) => renderFields(fields, room, style, text)),
    ...image.map(({ url, width: w, height: h }) => `[picture: ${text(basename(url))}${w ? ` ${w}×${h}` : ''}]`),
    ...block(footerOf(embed)).map((line) => style.dim(line)),
  ];
  return lines.map((line) => `${style.bar(embed.color ?? 0)} ${line}`.trimEnd());
}

function abreast(fields: readonly Field[]): Field[][] {
  return fields.reduce<Field[][]>((rows, field) => {
    const row = rows.at(-1);
    const joins = field.inline === true && row?.[0]?.inline === true && row.length < FIELDS_ABREAST;
    if (joins) row.push(field);
    else rows.push([field]);
    return rows;
  }, []);
}

function renderFields(fields: readonly Field[], room: number, style: Paint, text: (raw: string) => string): string[] {
  const column = Math.floor(room / fields.length);
  const names = fields.map(({ name }) => wrap(text(name), column - 2));
  const values = fields.map(({ value }) => wrap(text(value), column - 2));
  return ['', ...beside(names, column, (line) => style.bold(line)), ...beside(values, column, (line) => line)];
}

/** Blocks of lines side by side; padded before styling, so that colours do not shift the columns. */
function beside(blocks: readonly (readonly string[])[], column: number, styled: (line: string) => string): string[] {
  const height = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, row) =>
    blocks
      .map((block, index) => {
        const line = block[row] ?? '';
        const padding = index === blocks.length - 1 ? '' : ' '.repeat(Math.max(0, column - Array.from(line).length));
        return (line === '' ? '' : styled(line)) + padding;
      })
      .join('')
      .trimEnd(),
  );
}

function footerOf({ footer, timestamp }: Embed): string | undefined {
  const at = timestamp === undefined ? [] : [`<t:${Math.floor(Date.parse(timestamp) / 1_000)}:f>`];
  const parts = [...(footer === undefined ? [] : [footer.text]), ...at];
  return parts.length === 0 ? undefined : parts.join(' · ');
}

function basename(url: string): string {
  return url.split('/').at(-1) ?? url;
}
