import { findClosest } from '../model/did-you-mean.ts';
import { parseDuration } from '../model/duration.ts';
import { STALE_KINDS, type StaleKind } from '../model/stale-criteria.ts';
import { UserFacingError } from '../model/user-facing-error.ts';

/** What somebody asks for, as it was typed; empty is left out. */
export interface KillRequest {
  readonly database?: string | undefined;
  readonly application?: string | undefined;
  readonly kind?: string | undefined;
  /** As in `10m`. */
  readonly olderThan?: string | undefined;
}

const SHORTEST_MS = 1_000;
const LONGEST_MS = 30 * 86_400_000;

/** `orphaned` where it is left out (product.md §6). Throws UserFacingError with the kinds there are. */
export function readKind(typed: string | undefined): StaleKind {
  if (!typed) return 'orphaned';
  const kind = STALE_KINDS.find((candidate) => candidate === typed);
  if (kind) return kind;
  throw new UserFacingError(
    `No kind of session is called ${typed}.${suggest(typed, STALE_KINDS)} Write ${STALE_KINDS.join(', ')}.`,
  );
}

/** In milliseconds; null where it is left out. Throws UserFacingError with what to write. */
export function readOlderThan(typed: string | undefined): number | null {
  if (!typed) return null;
  const ms = parseDuration(typed.replaceAll(' ', ''));
  if (ms !== null && ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw new UserFacingError(
    `older-than cannot be “${typed}”. Write a time from 1s to 30d with its unit, as in 90s, 10m or 2h.`,
  );
}

/** Null where it is left out. Throws UserFacingError with the names there are. */
export function readApplication(typed: string | undefined, names: readonly string[]): string | null {
  if (!typed) return null;
  if (names.includes(typed)) return typed;
  throw new UserFacingError(
    `No application is named ${typed}.${suggest(typed, names)} There is: ${names.slice(0, MOST_NAMES).join(', ')}.`,
  );
}

const MOST_NAMES = 20;

function suggest(typed: string, names: readonly string[]): string {
  const closest = findClosest(typed, names);
  return closest === null ? '' : ` Did you mean ${closest}?`;
}
