import { parseDuration } from '../../model/duration.ts';
import { valueFinding } from '../finding.ts';
import { field, items, type Raw, text } from '../raw.ts';
import type { Check } from './check.ts';

const DEFAULT_CALM = '5s';
const DEFAULT_FAST = '250ms';

/** Near trouble the server is asked more often than in calm, never less. */
export const checkSampling: Check = (data, { censor }) =>
  items(field(data, 'databases')).flatMap((database, index) => {
    const sampling = field(database, 'sampling');
    const calm = read(field(sampling, 'calm'), DEFAULT_CALM);
    const fast = read(field(sampling, 'fast'), DEFAULT_FAST);
    if (calm === null || fast === null || fast.ms <= calm.ms) return [];
    const path = ['databases', index, 'sampling'];
    return field(sampling, 'fast') === undefined
      ? [
          valueFinding(
            [...path, 'calm'],
            `is shorter than fast (${censor.quote(fast.text) ?? '…'}): write a longer one, or a shorter fast`,
          ),
        ]
      : [
          valueFinding(
            [...path, 'fast'],
            `is slower than calm (${censor.quote(calm.text) ?? '…'}): write a shorter one`,
          ),
        ];
  });

function read(value: Raw, otherwise: string): { readonly ms: number; readonly text: string } | null {
  const written = value === undefined ? otherwise : (text(value) ?? '');
  const ms = parseDuration(written);
  return ms === null ? null : { ms, text: written };
}
