import type { Standby } from '../model/server-signals.ts';

/** A standby as the server lists it: its name is what it calls itself, and hostile text. */
export interface ListedStandby extends Standby {
  readonly address: string | null;
}

/**
 * Gives each standby a name of its own: several may call themselves alike, as all do that nobody named (`walreceiver`).
 * The address tells these apart, and a number those that share even that, by the order in which they came.
 */
export function nameStandbys(listed: readonly ListedStandby[]): readonly Standby[] {
  const alike = Map.groupBy(listed, ({ name }) => name);
  const taken = new Set<string>();
  return listed.map(({ name, address, lagMs }) => {
    const own = name !== '' && alike.get(name)?.length === 1 ? name : `${name || 'unnamed'} (${address ?? 'local'})`;
    const unique = numberUntilFree(own, taken);
    taken.add(unique);
    return { name: unique, lagMs };
  });
}

function numberUntilFree(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const numbered = number === 1 ? name : `${name} ${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}
