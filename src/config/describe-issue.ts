import type { z } from 'zod';
import { findClosest } from '../model/did-you-mean.ts';
import type { Hints } from './hints.ts';
import type { Path } from './path.ts';

type RawIssue = z.core.$ZodRawIssue;
type TypeIssue = Extract<RawIssue, { code: 'invalid_type' }>;

/**
 * Says what is wrong with a value and what to write, for the faults that values of every kind can have.
 * `shown` is the value as it is written, or null when it may not be shown.
 */
export function describeIssue(issue: RawIssue, path: Path, shown: string | null, hints: Hints): string {
  const example = hints.exampleAt(path);
  const key = path.at(-1);
  const asIn = example === null ? '' : `, as in ${example}`;
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.input === undefined) {
        return `is missing: write ${typeof key === 'string' ? `${key}: ${example ?? '…'}` : (example ?? 'a value')}`;
      }
      return describeType(issue, shown, asIn, example);
    }
    case 'invalid_value': {
      const words = issue.values.map(String);
      const meant = typeof issue.input === 'string' ? findClosest(issue.input, words) : null;
      const suggestion = meant === null ? '' : `did you mean ${meant}? `;
      return `is not known here: ${suggestion}write ${words.join(' or ')}`;
    }
    case 'too_small':
      if (issue.origin === 'array') return `is an empty list: write at least one entry${asIn}`;
      return `is too small: write ${issue.minimum} or more${asIn}`;
    case 'too_big':
      return `is too big: write ${issue.maximum} or less${asIn}`;
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    default: // those of the schema have messages of their own
      return `is not understood: write it${asIn}`;
  }
}

function describeType(
  { expected, input }: TypeIssue,
  shown: string | null,
  asIn: string,
  example: string | null,
): string {
  const kind = kindOf(input);
  if (expected === 'string') {
    if (typeof input === 'number') return describeNumber(input, shown, example);
    if (typeof input === 'boolean') return `is ${kind} without quotes: write it in quotes, "${String(input)}"`;
    return `is ${kind} where a text belongs: write it${asIn}`;
  }
  if (expected === 'int' || expected === 'number') {
    if (typeof input === 'string' && /^\d+$/.test(input))
      return `is a text: write ${shown ?? 'the number'} without quotes`;
    if (typeof input === 'number') return `is no whole number: write one${asIn}`;
    return `is ${kind} where a whole number belongs: write it${asIn}`;
  }
  if (expected === 'boolean') return `is ${kind}: write true or false`;
  if (expected === 'array') return `is ${kind} where a list belongs: write it in brackets or with dashes${asIn}`;
  return `is ${kind} where keys belong: write them${asIn}`;
}

function describeNumber(input: number, shown: string | null, example: string | null): string {
  if (example !== null && /^"?\d+(ms|s|m|h|d)"?$/.test(example)) {
    const written = shown !== null && /^\d+$/.test(shown) ? `${shown}s for seconds` : 'one behind it';
    return `has no unit: write ${written}; the units are ms, s, m, h, d`;
  }
  if (example?.includes(':') === true) return `is a number where more belongs: write it in quotes, as in ${example}`;
  // Discord's ids are larger than 2^53: YAML reads another number than the one that was written.
  const fact = Number.isSafeInteger(input)
    ? 'is a number without quotes'
    : 'is a number without quotes and so loses digits';
  return `${fact}: write it in quotes, ${shown !== null && /^[\d.+-]+$/.test(shown) ? `"${shown}"` : 'with the exact digits'}`;
}

function kindOf(input: unknown): string {
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'string') return 'a text';
  if (typeof input === 'object') return 'a map of keys';
  return typeof input === 'boolean' ? 'a truth value' : 'a number';
}
