import type { z } from 'zod';
import { parseDuration } from '../../../model/duration.ts';
import { leaf } from './leaf.ts';

/** setTimeout fires at once above this (2^31 - 1 ms, some 24.8 days): https://nodejs.org/api/timers.html */
const MAX_TIMER_MS = 2_147_483_647;
const DAY_MS = 86_400_000;

interface DurationDocs {
  readonly description: string;
  readonly example: string;
  /** Whether zero has a meaning; it has none for an interval. */
  readonly allowZero?: boolean;
  readonly minMs?: number;
  readonly maxMs?: number;
}

/** A duration with its unit (`250ms`, `90s`, `10m`, `26h`, `1d`), read as milliseconds. */
export function durationSchema(docs: DurationDocs): z.ZodType<number, string> {
  const { description, example, allowZero = false, minMs = 0, maxMs = MAX_TIMER_MS } = docs;
  return leaf({ description, examples: [example], pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$' }, (text) => {
    const ms = parseDuration(text);
    if (ms === null) return { ok: false, fault: describeFault(text, example) };
    if (ms === 0 && !allowZero) return { ok: false, fault: `is no time at all: write a longer one, as in ${example}` };
    if (ms < minMs) return { ok: false, fault: `is too short: write at least ${minMs / 1_000}s, as in ${example}` };
    if (ms > maxMs) return { ok: false, fault: `is too long: write at most ${Math.floor(maxMs / DAY_MS)}d` };
    return { ok: true, value: ms };
  });
}

/** The value itself is left to the caller, who knows whether it may be shown. */
function describeFault(text: string, example: string): string {
  if (/^\d+(\.\d+)?$/.test(text.trim())) return `has no unit: write ms, s, m, h or d behind it, as in ${example}`;
  return `is no duration: write one number and its unit (ms, s, m, h, d), as in ${example}`;
}
