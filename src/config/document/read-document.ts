import { parseDocument, type YAMLError } from 'yaml';
import type { Raw } from '../raw.ts';
import { createPlaces, type Places } from './places.ts';
import type { SyntaxFault } from './syntax-fault.ts';
import { type ReadKey, type Slip, toPlain } from './to-plain.ts';
import { describeYamlError } from './yaml-errors.ts';

export interface ConfigDocument {
  /** Plain data; keys without a value are undefined. */
  readonly data: Raw;
  readonly places: Places;
  /** Keys that stand in `data` under another name than in the file. */
  readonly slips: readonly Slip[];
  readonly faults: readonly SyntaxFault[];
  /** Line and column of an offset, both from 1, always inside the file. */
  position(offset: number): { readonly line: number; readonly column: number };
}

/** Reads YAML 1.2 as far as it can be read. Never throws: what is wrong with the text stands in `faults`. */
export function readDocument(text: string, readKey: ReadKey): ConfigDocument {
  // The library's own messages quote the source, which may be a secret: only its error codes are used.
  // (logLevel silent would accept a second document without a word.)
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true, logLevel: 'error' });
  const plain = toPlain(document, readKey);
  const errors = document.errors.filter((error, index, all) => isNews(error, index, all, text));
  const faults = [...errors, ...document.warnings].map(({ code, pos }) => {
    const { message, misleads } = describeYamlError(code);
    return { offset: pos[0], message, misleads };
  });
  return {
    data: plain.data,
    places: createPlaces(plain.places),
    slips: plain.slips,
    faults: [...faults, ...plain.faults],
    position: (offset) => positionIn(text, offset),
  };
}

/**
 * A parser that has lost its way complains of every token that follows, often several times of one. Only the first is
 * news, until lines without a complaint show that it has found its way again.
 */
function isNews(error: YAMLError, index: number, errors: readonly YAMLError[], text: string): boolean {
  const previous = errors[index - 1];
  if (previous === undefined) return true;
  if (previous.pos[0] === error.pos[0]) return false;
  if (previous.code !== 'UNEXPECTED_TOKEN' || error.code !== 'UNEXPECTED_TOKEN') return true;
  return text.slice(previous.pos[0], error.pos[0]).split('\n').length > 2;
}

/**
 * Counted here: yaml's LineCounter (2.9.1) loses lines behind a stray closing bracket. An error at the end of the file
 * is shown on its last line of text, not on the empty one behind it.
 */
function positionIn(text: string, offset: number): { line: number; column: number } {
  const last = Math.max(0, text.trimEnd().length - 1);
  const before = text.slice(0, Math.min(Math.max(0, offset), last));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}
