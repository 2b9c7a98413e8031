import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { check, MINIMAL } from '../support/config.ts';

const EXAMPLE = readFileSync(new URL('../../breakwater.example.yaml', import.meta.url), 'utf8');

/** A file after an accident: some of it cut out, something else put in. */
const mangled = fc
  .record({
    source: fc.constantFrom(MINIMAL, EXAMPLE),
    from: fc.nat(),
    length: fc.nat({ max: 200 }),
    insert: fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '\t',
        '{',
        '[',
        '}',
        '"',
        "'",
        '&a',
        '*a',
        '- ',
        '? ',
        ': ',
        '| ',
        '---\n',
        '!!map ',
        '<<: ',
        '__proto__: 1\n',
        '\r\n',
        '\0',
        '🦭',
      ),
    ),
  })
  .map(({ source, from, length, insert }) => {
    const at = from % source.length;
    return source.slice(0, at) + insert + source.slice(at + length);
  });

const anyText = fc.oneof(mangled, fc.string({ maxLength: 200 }), fc.json());

it('never throws, and every fault has a place inside the file and something to say', () => {
  fc.assert(
    fc.property(anyText, (source) => {
      const loaded = check(source, { env: {} });
      expect(loaded.ok).toBe(false);
      if (loaded.ok) return;
      expect(loaded.faults).not.toEqual([]);
      const lines = source.split('\n');
      for (const { line, column, message } of loaded.faults) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
        expect(message).toMatch(/\w/);
      }
    }),
    { numRuns: 200 },
  );
});

it('lists faults in file order', () => {
  fc.assert(
    fc.property(mangled, (source) => {
      const loaded = check(source);
      const places = loaded.ok ? [] : loaded.faults.map(({ line, column }) => line * 10_000 + column);
      expect(places).toEqual(places.toSorted((one, other) => one - other));
    }),
    { numRuns: 100 },
  );
});

it('is done with a multiplying alias in no time', () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) => `l${level}: &l${level} [${`*l${level - 1}, `.repeat(9)}]`,
  ).slice(1);
  const loaded = check(`l0: &l0 [x]\n${levels.join('\n')}\n`, { env: {} });
  expect(loaded.ok ? [] : loaded.faults.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('look for an alias that contains itself'),
  );
});
