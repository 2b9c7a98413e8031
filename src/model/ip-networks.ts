import { isIP } from 'node:net';

/**
 * An address as its family and its bits, as in `4:00001010…`: equal addresses are equal texts, however they were
 * written, and an address lies in a network when its text starts with the network's. An IPv4 address inside IPv6
 * (`::ffff:10.2.0.5`) is that IPv4 address. Also takes PostgreSQL's inet, as in `10.2.0.5/32`. Null for what is no
 * address of one host, and for one with a zone (`fe80::1%eth0`), which means another host on each link. Pure.
 */
export function readAddress(text: string): string | null {
  if (!text.includes('/')) return readBits(text);
  const [address = '', length, ...rest] = text.split('/');
  const bits = readBits(address);
  if (bits === null || rest.length > 0) return null;
  return length === String(isIP(address) === 4 ? 32 : 128) ? bits : null;
}

/** The text that every address of a network begins with; null for what is no CIDR. Pure. */
export function readNetwork(cidr: string): string | null {
  const [address = '', length = '', ...rest] = cidr.split('/');
  const bits = readBits(address);
  if (bits === null || rest.length > 0 || !/^\d{1,3}$/.test(length)) return null;
  const mapped = isIP(address) === 6 && bits.startsWith('4') ? MAPPED_BITS : 0;
  const kept = Number(length) - mapped;
  const width = bits.length - FAMILY;
  return kept < 0 || kept > width ? null : bits.slice(0, FAMILY + kept);
}

/** The network's own address and the one after it: bridges and gateways of nodes have them (product.md §6). Pure. */
export function firstTwo(network: string): readonly string[] {
  const first = network.padEnd(FAMILY + (network.startsWith('4') ? 32 : 128), '0');
  return first.length === network.length ? [first] : [first, `${first.slice(0, -1)}1`];
}

const FAMILY = '4:'.length;
/** Of `::ffff:0:0/96`, RFC 4291. */
const MAPPED_BITS = 96;
const MAPPED = `${'0'.repeat(80)}${'1'.repeat(16)}`;

function readBits(address: string): string | null {
  const family = isIP(address);
  if (family === 4) return `4:${bitsOf4(address)}`;
  if (family === 0 || address.includes('%')) return null;
  const bits = bitsOf6(address);
  return bits.startsWith(MAPPED) ? `4:${bits.slice(MAPPED_BITS)}` : `6:${bits}`;
}

const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(2).padStart(8, '0'));

function bitsOf4(address: string): string {
  const [a, b, c, d] = address.split('.');
  return `${OCTETS[Number(a)]}${OCTETS[Number(b)]}${OCTETS[Number(c)]}${OCTETS[Number(d)]}`;
}

function bitsOf6(address: string): string {
  const [head = '', tail] = address.split('::').map(bitsOfGroups);
  return tail === undefined ? head : head + tail.padStart(128 - head.length, '0');
}

function bitsOfGroups(groups: string): string {
  if (groups === '') return '';
  return groups
    .split(':')
    .map((group) => (group.includes('.') ? bitsOf4(group) : Number.parseInt(group, 16).toString(2).padStart(16, '0')))
    .join('');
}
