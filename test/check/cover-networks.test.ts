import { BlockList } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { coverNetworks } from '../../src/check/cover-networks.ts';

it.each<[readonly string[], readonly string[]]>([
  [[], []],
  [['10.2.0.0/24'], ['10.2.0.0/24']],
  [['10.2.0.0/24', '10.2.1.0/24'], ['10.2.0.0/23']],
  [['10.2.0.0/24', '10.2.7.0/24', '10.2.3.0/24'], ['10.2.0.0/21']],
  [['10.244.0.0/24', '10.244.0.0/24'], ['10.244.0.0/24']],
  [['10.2.0.0/24', '10.2.0.0/16'], ['10.2.0.0/16']],
  // Too far apart to be one network.
  [
    ['10.2.0.0/24', '192.168.0.0/24'],
    ['10.2.0.0/24', '192.168.0.0/24'],
  ],
  [
    ['fd00::/64', '10.2.0.0/24', '10.2.1.0/24'],
    ['10.2.0.0/23', 'fd00::/64'],
  ],
])('%j: %j', (cidrs, expected) => {
  expect(coverNetworks(cidrs)).toEqual(expected);
});

it('leaves nothing out', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const network = fc
    .tuple(octet, octet, fc.integer({ min: 16, max: 24 }))
    .map(([second, third, bits]) => ({ first: `10.${second}.${third}.0`, cidr: `10.${second}.${third}.0/${bits}` }));
  fc.assert(
    fc.property(fc.array(network, { minLength: 1 }), (networks) => {
      const list = new BlockList();
      for (const cidr of coverNetworks(networks.map((each) => each.cidr))) {
        const [address = '', bits = ''] = cidr.split('/');
        list.addSubnet(address, Number(bits));
      }
      return networks.every(({ first }) => list.check(first));
    }),
  );
});
