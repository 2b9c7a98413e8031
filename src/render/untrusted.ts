import { cut, stripInvisible } from '../model/plain-text.ts';

/**
 * Text from databases, webhooks and clusters is hostile: it must not ping, format, link, reorder or hide
 * (product.md §10). Everything a stranger could have written passes through here before it is shown.
 */

const MARKDOWN = /[\\`*_~|<>[\]@]|:(?=\/\/)/g;
// Headings, small print and list items are made only at the start of a line.
const BLOCK_START = /^(?:\d+(?=[.)](?:\s|$))|(?=[#+-]))/;

/** Makes text safe to stand in Discord Markdown and cuts it to `maxLength` characters (before escaping). */
export function escapeUntrusted(text: string, maxLength = 100): string {
  const plain = cut(stripInvisible(text), maxLength);
  return plain.replace(MARKDOWN, escapeMark).replace(BLOCK_START, (start) => `${start}\\`);
}

/**
 * Sentences of our own with strangers' names in them: as above, but a plain word between back-ticks is shown as code, and a channel
 * as its link. Neither pings, formats, reorders or hides, whoever wrote it.
 */
export function proseUntrusted(text: string, maxLength = 100): string {
  return escapeUntrusted(text, maxLength)
    .replace(CODE, (_, code: string) => `\`${code.replaceAll('\\', '')}\``)
    .replace(CHANNEL, '<#$1>');
}

// As they are once escaped, in which an underscore has a backslash.
const CODE = /\\`([a-zA-Z0-9/](?:[a-zA-Z0-9 .:/=-]|\\_){0,60}(?<! ))\\`/g;
const CHANNEL = /\\<#(\d{17,20})\\>/g;

/** For places that show no Markdown (footers, labels, file names): only what hides or reorders goes. */
export function plainUntrusted(text: string, maxLength = 100): string {
  return cut(stripInvisible(text), maxLength);
}

/** For between back-ticks, where nothing is Markdown but the back-tick that would end them. */
export function codeUntrusted(text: string, maxLength = 100): string {
  return plainUntrusted(text, maxLength).replaceAll('`', "'");
}

// A backslash shows `@everyone` plainly; the word joiner keeps even a client that ignores it from highlighting it.
function escapeMark(mark: string): string {
  return mark === '@' ? `\\@\u2060` : `\\${mark}`;
}
