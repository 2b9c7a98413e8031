import { isIPv4 } from 'node:net';

/** Wider than this would cover half of somebody's company: then each is listed by itself. */
const WIDEST_BITS = 8;

/** One network around those of IPv4, if it is no wider than a /8, and those of IPv6 as they are. Pure. */
export function coverNetworks(cidrs: readonly string[]): readonly string[] {
  const distinct = [...new Set(cidrs)];
  const four = distinct.flatMap((cidr) => parse(cidr) ?? []);
  const [first, ...others] = four;
  if (first === undefined) return distinct;
  const around = others.reduce((widest, { network, bits }) => {
    let common = Math.min(widest.bits, bits);
    while (common > 0 && mask(widest.network, common) !== mask(network, common)) common -= 1;
    return { network: mask(widest.network, common), bits: common };
  }, first);
  if (around.bits < WIDEST_BITS) return distinct;
  return [format(around), ...distinct.filter((cidr) => parse(cidr) === null)];
}

interface Network {
  readonly network: number;
  readonly bits: number;
}

function parse(cidr: string): Network | null {
  const [address = '', bits = ''] = cidr.split('/');
  if (!isIPv4(address) || !/^\d+$/.test(bits)) return null;
  const network = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { network: mask(network, Number(bits)), bits: Number(bits) };
}

/** The first `bits` of 32, the rest zero. */
function mask(address: number, bits: number): number {
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) * size;
}

function format({ network, bits }: Network): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.')}/${bits}`;
}
