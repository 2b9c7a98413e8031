import type { Upload } from '../world/message-parts.ts';
import { type Selected, select } from './select.ts';

/** One thing that Discord rejects: what it is on, a name, and how to find what breaks it. */
export interface Rule {
  readonly on: Subject;
  readonly name: string;
  /** Discord's error code. */
  readonly code: string;
  readonly find: (body: unknown, request: RuleRequest) => readonly Broken[];
}

/** A message, sent or edited or in a callback; one command; an autocompletion's answer; a modal; a thread; a request. */
export type Subject = 'message' | 'command' | 'command-list' | 'choices' | 'modal' | 'thread' | 'request';

export interface RuleRequest {
  readonly uploads: readonly Upload[];
  readonly reason: string | null;
  readonly editing: boolean;
}

export interface Broken {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** No more than `max` characters (code points) in what the pattern selects. */
export function maxLength(on: Subject, name: string, pattern: string, max: number): Rule {
  const message = `Must be ${max} or fewer in length.`;
  return rule(on, name, 'BASE_TYPE_MAX_LENGTH', pattern, message, ({ value }) => lengthOf(value) > max);
}

/** Not empty, nor blank. */
export function notEmpty(on: Subject, name: string, pattern: string): Rule {
  const blank = ({ value }: Selected): boolean => typeof value === 'string' && value.trim() === '';
  return rule(on, name, 'BASE_TYPE_REQUIRED', pattern, 'This field is required', blank);
}

/** No more than `max` items. */
export function maxItems(on: Subject, name: string, pattern: string, max: number): Rule {
  const message = `Must be ${max} or fewer in length.`;
  const tooMany = ({ value }: Selected): boolean => Array.isArray(value) && value.length > max;
  return rule(on, name, 'BASE_TYPE_BAD_LENGTH', pattern, message, tooMany);
}

/** Everything that the pattern selects and `broken` holds for. */
export function rule(
  on: Subject,
  name: string,
  code: string,
  pattern: string,
  message: string,
  broken: (selected: Selected, request: RuleRequest) => boolean,
): Rule {
  const find: Rule['find'] = (body, request) =>
    select(body, pattern)
      .filter((selected) => broken(selected, request))
      .map(({ path }) => ({ path, message }));
  return { on, name, code, find };
}

/** The second and later of values that must differ, under any of the patterns. */
export function unique(on: Subject, name: string, code: string, pattern: string): Rule {
  const find: Rule['find'] = (body) =>
    select(body, pattern)
      .filter(({ value }, index, all) => all.findIndex((other) => other.value === value) < index)
      .map(({ path, value }) => ({ path, message: `${String(value)} is duplicated` }));
  return { on, name, code, find };
}

/** In code points, as Discord counts. */
export function lengthOf(value: unknown): number {
  return typeof value === 'string' || typeof value === 'number' ? Array.from(String(value)).length : 0;
}
