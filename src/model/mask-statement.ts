/**
 * What a person may see of a statement: its words, never its literals (product.md §10). Strings, dollar quotes, bit strings and
 * numbers become `?`, comments go, a list of `?` becomes one; what a setting is set to goes as well, as it needs no quotes. What has
 * no certain end is hidden to the end of the text: the server cuts statements, and a backslash before a quote is read in
 * two ways (`standard_conforming_strings`). Pure. https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function maskStatement(statement: string): string {
  const shown = tokenise(statement)
    .reduce<Statements>(takeToken, { text: '', began: false, sets: 'no' })
    .text.replace(/\s+/gu, ' ')
    .trim();
  return shown.replace(LIST, '?, …');
}

/** As of a long IN list. */
const LIST = /\?(?: ?, ?\?)+/g;

type Token = { readonly kind: 'word' | 'literal' | 'space' | 'sign'; readonly text: string };

/** The statement so far; `sets`: whether it is one that sets something, whether its SET has come, whether its value has begun. */
interface Statements {
  readonly text: string;
  readonly began: boolean;
  readonly sets: 'no' | 'may' | 'name' | 'value';
}

function takeToken({ text, began, sets }: Statements, token: Token): Statements {
  if (token.text === ';') return { text: `${text};`, began: false, sets: 'no' };
  if (sets === 'value') return { text, began, sets };
  const shown = text + (token.kind === 'literal' ? '?' : token.text);
  if (token.kind === 'space') return { text: shown, began, sets };
  const word = token.text.toLowerCase();
  if (!began) return { text: shown, began: true, sets: word === 'set' ? 'name' : word === 'alter' ? 'may' : 'no' };
  if (sets === 'may' && word === 'set') return { text: shown, began, sets: 'name' };
  if (sets === 'name' && (word === '=' || word === 'to')) return { text: `${shown} ?`, began, sets: 'value' };
  return { text: shown, began, sets };
}

function tokenise(statement: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < statement.length; ) {
    const { token, end } = readToken(statement, at);
    tokens.push(token);
    at = end;
  }
  return tokens;
}

const SPACE = /\s+/uy;
/** Also `$1`: a parameter's number is no literal. */
const WORD = /(?:[\p{L}_][\p{L}\p{M}\p{N}_$]*|\$\d+(?![\p{L}_$]))/uy;
/** With all that sticks to it, as in `0xFF`, `1_000`, `1e-9` and `12ab`. */
const NUMBER = /(?:\.?\p{N})(?:[\p{L}\p{M}\p{N}_.$]|(?<=[eE])[+-](?=\p{N}))*/uy;
const DOLLAR_TAG = /\$(?:[\p{L}_][\p{L}\p{M}\p{N}_]*)?\$/uy;
/** Of a string: `E'…'` knows backslashes, `B'…'`, `X'…'`, `N'…'` and `U&'…'` do not. */
const STRING_START = /(?:[eEbBxXnN]|[uU]&)?'/uy;

function readToken(statement: string, at: number): { readonly token: Token; readonly end: number } {
  const to = (kind: Token['kind'], end: number, text = statement.slice(at, end)) => ({ token: { kind, text }, end });
  const space = match(SPACE, statement, at);
  if (space) return to('space', at + space.length);
  if (statement.startsWith('--', at)) return to('space', endOf(statement, /[\r\n]/g, at), ' ');
  if (statement.startsWith('/*', at)) return to('space', endOfComment(statement, at), ' ');
  const opening = match(STRING_START, statement, at);
  if (opening) return to('literal', endOfString(statement, at, opening));
  const tag = match(DOLLAR_TAG, statement, at);
  if (tag) return to('literal', endAfter(statement, tag, at + tag.length));
  const number = match(NUMBER, statement, at);
  if (number) return to('literal', at + number.length);
  const word = match(WORD, statement, at);
  if (word) return to('word', at + word.length);
  if (statement[at] === '"') return readQuotedName(statement, at);
  return to('sign', at + String.fromCodePoint(statement.codePointAt(at) ?? 0).length);
}

function match(pattern: RegExp, statement: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(statement)?.[0] ?? null;
}

/** Where the pattern matches next, or the end of the text. */
function endOf(statement: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(statement)?.index ?? statement.length;
}

function endAfter(statement: string, text: string, from: number): number {
  const found = statement.indexOf(text, from);
  return found === -1 ? statement.length : found + text.length;
}

/** Block comments nest. */
function endOfComment(statement: string, from: number): number {
  const edges = /\/\*|\*\//g;
  edges.lastIndex = from;
  let depth = 0;
  for (let edge = edges.exec(statement); edge !== null; edge = edges.exec(statement)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.index + edge[0].length;
  }
  return statement.length;
}

/** Behind the closing quote; two quotes are one inside. */
function endOfString(statement: string, from: number, opening: string): number {
  const escapes = /^e/i.test(opening);
  for (let at = from + opening.length; at < statement.length; at += 1) {
    if (statement[at] === '\\') {
      if (!escapes && isEscapedQuote(statement, at)) return statement.length;
      if (escapes) at += 1;
      else at = endOf(statement, /[^\\]/g, at) - 1;
    } else if (statement[at] === "'") {
      if (statement[at + 1] !== "'") return at + 1;
      at += 1;
    }
  }
  return statement.length;
}

/** An odd number of backslashes, and a quote: closes the string, or does not. */
function isEscapedQuote(statement: string, at: number): boolean {
  const end = endOf(statement, /[^\\]/g, at);
  return (end - at) % 2 === 1 && statement[end] === "'";
}

/** Names are shown; one without an end may have swallowed anything. */
function readQuotedName(statement: string, at: number): { readonly token: Token; readonly end: number } {
  const name = /^"(?:[^"]|"")*"/u.exec(statement.slice(at))?.[0];
  if (name === undefined) return { token: { kind: 'literal', text: '' }, end: statement.length };
  return { token: { kind: 'word', text: name }, end: at + name.length };
}
