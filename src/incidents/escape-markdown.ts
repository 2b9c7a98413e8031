import { cut, stripInvisible } from '../model/plain-text.ts';

/**
 * Text that a stranger may have written, fit for one line of a Markdown file (GitHub's flavour): it forms no heading, list,
 * quote, table, link, mention or HTML, and shows the characters it had. Discord's Markdown is render/untrusted.ts's.
 */
export function escapeMarkdown(text: string, maxLength = 300): string {
  return cut(stripInvisible(text), maxLength)
    .replace(MARKS, '\\$&')
    .replace(BLOCK_START, '$&\\')
    .replace(LINK_START, '$&\u2060');
}

// An underscore inside a word formats nothing, and `pg_dump` should stay readable in the file itself.
const MARKS = /[\\`*~|<[\]$]|&(?=#?\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
// Headings and their underlines, lists, quotes and a table's second line are made only at the start of a line.
const BLOCK_START = /^(?:\d+(?=[.)](?:\s|$))|(?=[#+=>:-]))/;
// GitHub links bare addresses and mentions even when they are escaped; the word joiner is not seen, and ends them.
const LINK_START = /@|:(?=\/\/)|www(?=\.)/gi;
