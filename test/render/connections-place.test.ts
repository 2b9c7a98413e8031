import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SESSION_STATES } from '../../src/model/session-group.ts';
import { type ConnectionsPlace, connectionsId, readConnectionsPlace } from '../../src/render/connections-place.ts';
import { findReferred, referTo } from '../../src/render/name-reference.ts';

const anyName = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom('~0123456789abcdef', 'a:b', '%', 'データベース'.repeat(10), '\ud800'),
);

const anyPlace: fc.Arbitrary<ConnectionsPlace> = fc.record({
  database: anyName,
  filter: fc.record({ application: fc.option(anyName), state: fc.option(fc.constantFrom(...SESSION_STATES)) }),
  page: fc.integer({ min: 1, max: 9_999 }),
  fingerprint: fc.constantFrom('', 'a1b2c3'),
});

/** As the router takes a custom id apart. */
function argsOf(id: string): string[] {
  return id.split(':').slice(2).map(decodeURIComponent);
}

describe('a place in a custom id', () => {
  it('comes back as it went in, and fits, whatever the names', () => {
    fc.assert(
      fc.property(anyPlace, fc.array(anyName), (place, others) => {
        const id = connectionsId('refresh', place);
        expect(id.length).toBeLessThanOrEqual(100);
        const known = {
          databases: [...others, place.database],
          applications: [...others, ...(place.filter.application === null ? [] : [place.filter.application])],
        };
        expect(readConnectionsPlace(argsOf(id), known)).toEqual(place);
      }),
    );
  });

  it('is refused where it names what is not known any more, and never taken for another', () => {
    const long = 'x'.repeat(70);
    const id = connectionsId('page', {
      database: 'main',
      filter: { application: long, state: null },
      page: 2,
      fingerprint: '',
    });
    expect(() => readConnectionsPlace(argsOf(id), { databases: ['main'], applications: [`${long}y`] })).toThrow(
      /not known any more/,
    );
  });

  it.each([
    [['main', '', '', '0']],
    [['main', '', '', '-3']],
    [['main', '', '', '1e9']],
    [['main', '', '', '99999']],
    [['main']],
  ])('takes the forged %j for the first page', (args) => {
    expect(readConnectionsPlace(args, { databases: [], applications: [] }).page).toBe(1);
  });

  it('refuses a state that there is not, instead of showing all', () => {
    expect(() => readConnectionsPlace(['main', '', 'z', '1'], { databases: [], applications: [] })).toThrow(
      /not known/,
    );
  });
});

describe('a name in a custom id', () => {
  it('is itself while it is short, and a mark of all of it when it is long', () => {
    expect(referTo('main db')).toBe('main%20db');
    const [one, other] = [`${'x'.repeat(62)}1`, `${'x'.repeat(62)}2`];
    expect(referTo(one)).not.toBe(referTo(other));
    expect(findReferred(referTo(other), [one, other])).toBe(other);
    expect(findReferred(referTo(other), [one])).toBeNull();
  });

  it('cannot pass for the mark of another', () => {
    const long = 'x'.repeat(63);
    const impostor = referTo(long);
    expect(findReferred(referTo(impostor), [long, impostor])).toBe(impostor);
  });
});
