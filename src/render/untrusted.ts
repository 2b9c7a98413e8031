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
