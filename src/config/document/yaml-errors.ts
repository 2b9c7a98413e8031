import type { ErrorCode } from 'yaml';

interface Description {
  readonly message: string;
  readonly misleads: boolean;
}

/** Says what a YAML error code means and what to write, without quoting the file. */
export function describeYamlError(code: ErrorCode): Description {
  const message = MESSAGES[code];
  if (message === undefined)
    return { message: 'is not YAML: check the indentation, colons and quotes here', misleads: true };
  return { message, misleads: !HARMLESS.has(code) };
}

const HARMLESS: ReadonlySet<ErrorCode> = new Set([
  'DUPLICATE_KEY',
  'TAG_RESOLVE_FAILED',
  'MULTIPLE_DOCS',
  'BAD_DIRECTIVE',
]);

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'is no name for an anchor or alias: write a value, in quotes if it starts with & or *',
  BAD_DIRECTIVE: 'is a YAML directive that is not understood: leave it out',
  BAD_DQ_ESCAPE: 'has a backslash that is no escape: double it, or use single quotes',
  BAD_INDENT: 'is indented wrongly, or a bracket before it is not closed: align it with its neighbours',
  BAD_SCALAR_START: 'starts with a character that needs quotes: write the value in "quotes"',
  BLOCK_AS_IMPLICIT_KEY: 'has two keys on one line: put the second on its own line, or the value in "quotes"',
  BLOCK_IN_FLOW: 'is an indented block inside brackets: write it inside the brackets, with commas',
  DUPLICATE_KEY: 'stands here a second time: keep one of the two',
  MISSING_CHAR: 'lacks a quote, a bracket, a comma, a colon or the space after a colon: add it',
  MULTILINE_IMPLICIT_KEY: 'is a key without a colon: write `key: value` on one line',
  MULTIPLE_DOCS: 'starts a second document, which would be ignored: keep one, without `---`',
  NON_STRING_KEY: 'is a key that is no text: write a plain word',
  TAB_AS_INDENT: 'is indented with a tab: use spaces',
  TAG_RESOLVE_FAILED: 'has a YAML tag (!…) that is not understood: leave it out, or put the value in "quotes"',
  UNEXPECTED_TOKEN: 'is not expected here: check the indentation, colons and quotes before it',
};
