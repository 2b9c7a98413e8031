import { LineCounter, parseDocument } from 'yaml';
import type { Raw } from '../raw.ts';
import { createPlaces, type Places } from './places.ts';
import { type ReadKey, type Slip, toPlain } from './to-plain.ts';
import { describeYamlError } from './yaml-errors.ts';

export interface SyntaxFault {
  readonly offset: number;
  readonly message: string;
  /** Whether what follows may have been read wrongly, so that a key that seems missing may only be unread. */
  readonly misleads: boolean;
}

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
  const lineCounter = new LineCounter();
  // The library's own messages quote the source, which may be a secret: only its error codes are used.
  // (logLevel silent would accept a second document without a word.)
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true, logLevel: 'error' });
  const plain = toPlain(document, readKey);
  const errors = [...document.errors, ...document.warnings].map(({ code, pos }) => {
    const { message, misleads } = describeYamlError(code);
    return { offset: pos[0], message, misleads };
  });
  return {
    data: plain.data,
    places: createPlaces(plain.places),
    slips: plain.slips,
    faults: [...errors, ...plain.faults].filter(isFirstAtItsPlace),
    position: (offset) => positionIn(text, lineCounter, offset),
  };
}

/** One unclosed bracket makes the parser complain several times at one place. */
function isFirstAtItsPlace({ offset }: SyntaxFault, index: number, faults: readonly SyntaxFault[]): boolean {
  return faults.findIndex((other) => other.offset === offset) === index;
}

/** An error at the end of the file is shown on its last line of text, not on the empty one behind it. */
function positionIn(text: string, lineCounter: LineCounter, offset: number): { line: number; column: number } {
  const last = Math.max(0, text.trimEnd().length - 1);
  const { line, col } = lineCounter.linePos(Math.min(Math.max(0, offset), last));
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
