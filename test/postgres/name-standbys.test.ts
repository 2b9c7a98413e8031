import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ListedStandby, nameStandbys } from '../../src/postgres/name-standbys.ts';

const standby = (name: string, address: string | null = '10.0.0.5'): ListedStandby => ({ name, address, lagMs: 0 });

it.each<[string, readonly ListedStandby[], readonly string[]]>([
  ['by what they call themselves', [standby('copy'), standby('far')], ['copy', 'far']],
  [
    'with their addresses where they are called alike',
    [standby('walreceiver'), standby('far'), standby('walreceiver', '10.0.0.6')],
    ['walreceiver (10.0.0.5)', 'far', 'walreceiver (10.0.0.6)'],
  ],
  [
    'with a number where even these are alike',
    [standby('walreceiver'), standby('walreceiver'), standby('walreceiver', null)],
    ['walreceiver (10.0.0.5)', 'walreceiver (10.0.0.5) 2', 'walreceiver (local)'],
  ],
  ['by address where they have no name', [standby('')], ['unnamed (10.0.0.5)']],
])('names standbys %s', (_, listed, names) => {
  expect(nameStandbys(listed).map(({ name }) => name)).toEqual(names);
});

it('never gives two the same name, whatever they call themselves', () => {
  const names = fc.constantFrom('a', 'a (10.0.0.5)', 'a (10.0.0.5) 2', '', 'unnamed (local)');
  const listed = fc.array(fc.record({ name: names, address: fc.constantFrom('10.0.0.5', null), lagMs: fc.nat() }));
  fc.assert(
    fc.property(listed, (standbys) => {
      const named = nameStandbys(standbys);
      expect(new Set(named.map(({ name }) => name)).size).toBe(standbys.length);
      expect(named.map(({ lagMs }) => lagMs)).toEqual(standbys.map(({ lagMs }) => lagMs));
    }),
  );
});
