/** The addresses that a node has for its pods, as the host-local CNI plug-in gives them: one after the other, around. */
export interface AddressPool {
  /** Throws when all are taken. */
  take(): string;
  giveBack(address: string): void;
  /** The next one taken is this one, where it is free: an address that comes back to life. */
  continueAt(address: string): void;
}

/** The network's own address and the bridge's are the node's. */
const NODES_OWN = 2;

/** `cidr` is an IPv4 network, as in `127.20.1.0/24`. */
export function createAddressPool(cidr: string): AddressPool {
  const [network = '', prefix = '24'] = cidr.split('/');
  const first = toNumber(network) + NODES_OWN;
  // The last one is the broadcast address.
  const size = 2 ** (32 - Number(prefix)) - NODES_OWN - 1;
  const taken = new Set<number>();
  let next = 0;
  return {
    take() {
      for (let tried = 0; tried < size; tried += 1) {
        const candidate = first + ((next + tried) % size);
        if (taken.has(candidate)) continue;
        taken.add(candidate);
        next = candidate - first + 1;
        return toText(candidate);
      }
      throw new Error(`no address is left in ${cidr}`);
    },
    giveBack: (address) => void taken.delete(toNumber(address)),
    continueAt(address) {
      next = toNumber(address) - first;
    },
  };
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
