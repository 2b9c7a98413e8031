import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstTwo, readAddress, readNetwork } from '../../src/model/ip-networks.ts';

const lies = (address: string, cidr: string) => readAddress(address)?.startsWith(readNetwork(cidr) ?? '-') ?? false;

describe('an address', () => {
  it.each([
    ['10.2.0.5', '10.2.0.5/32'],
    ['10.2.0.5', '::ffff:10.2.0.5'],
    ['10.2.0.5', '::FFFF:0a02:0005'],
    ['10.2.0.5', '::ffff:10.2.0.5/128'],
    ['fd00::5', 'FD00:0:0:0:0:0:0:5'],
    ['fd00::5', 'fd00::0.0.0.5'],
    ['::', '0:0:0:0:0:0:0:0'],
  ])('%s is the same as %s', (one, other) => {
    expect(readAddress(one)).not.toBeNull();
    expect(readAddress(one)).toBe(readAddress(other));
  });

  it.each([
    '',
    'localhost',
    '10.2.0',
    '10.2.0.256',
    '010.2.0.5',
    '10.2.0.5/24',
    '10.2.0.5/',
    '10.2.0.5/32/32',
    'fe80::1%eth0',
    ':::',
    '1::2::3',
  ])('is not read from %j', (text) => {
    expect(readAddress(text)).toBeNull();
  });

  it('of IPv4 is another than its bits in IPv6', () => {
    expect(readAddress('10.2.0.5')).not.toBe(readAddress('::10.2.0.5'));
  });
});

describe('a network', () => {
  it.each([
    ['10.2.0.5', '10.2.0.0/16'],
    ['10.2.255.255', '10.2.7.7/16'],
    ['::ffff:10.2.0.5', '10.2.0.0/16'],
    ['10.2.0.5', '::ffff:10.2.0.0/112'],
    ['10.2.0.5', '0.0.0.0/0'],
    ['10.2.0.5', '10.2.0.5/32'],
    ['fd00:1:2::5', 'fd00:1::/32'],
  ])('holds %s in %s', (address, cidr) => {
    expect(lies(address, cidr)).toBe(true);
  });

  it.each([
    ['10.3.0.5', '10.2.0.0/16'],
    ['10.2.128.0', '10.2.0.0/17'],
    ['10.2.0.5', '::/0'],
    ['fd00::5', '0.0.0.0/0'],
    ['fd00:2::5', 'fd00:1::/32'],
  ])('does not hold %s in %s', (address, cidr) => {
    expect(lies(address, cidr)).toBe(false);
  });

  it.each([
    '10.2.0.0',
    '10.2.0.0/33',
    '10.2.0.0/-1',
    '10.2.0.0/1e1',
    '/16',
    '::ffff:10.2.0.0/95',
    'fd00::/129',
    '10.2/16',
  ])('is not read from %j', (text) => {
    expect(readNetwork(text)).toBeNull();
  });

  it.each([
    ['10.2.1.0/24', ['10.2.1.0', '10.2.1.1']],
    ['10.2.1.77/24', ['10.2.1.0', '10.2.1.1']],
    ['10.2.1.6/32', ['10.2.1.6']],
    ['fd00:1::/64', ['fd00:1::', 'fd00:1::1']],
  ])('%s begins with %j', (cidr, expected) => {
    expect(firstTwo(readNetwork(cidr) ?? '')).toEqual(expected.map(readAddress));
  });

  it('agrees with arithmetic', () => {
    const address = fc.nat({ max: 0xff_ff_ff_ff });
    const textOf = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
    fc.assert(
      fc.property(address, address, fc.integer({ min: 1, max: 32 }), (one, other, length) => {
        const same = one >>> (32 - length) === other >>> (32 - length);
        expect(lies(textOf(one), `${textOf(other)}/${length}`)).toBe(same);
      }),
    );
  });
});
