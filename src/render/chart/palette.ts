/**
 * Nine fills that stay apart for people with protanopia, deuteranopia and tritanopia too, have a contrast of 3.4 : 1 or
 * more on the card, and keep away from the red of the alarm line. Found by a search over OKLCH; a test holds them to it.
 */
export const PALETTE = [
  '#4c8dff', // blue
  '#e99e0b', // amber
  '#56d4a4', // mint
  '#b64e99', // magenta
  '#a0e3fc', // sky
  '#bb866b', // tan
  '#f3d643', // yellow
  '#a6adec', // lavender
  '#7e7208', // olive
] as const;

/**
 * A colour for each drawn application. A name's hash chooses; where two want the same, the one earlier in `known` has
 * it and the other takes the next free one. So a colour depends on the known names only, not on who is large just now:
 * give the configured applications first, then all others of the chart, always in the same order.
 */
export function assignColours(drawn: readonly string[], known: readonly string[]): ReadonlyMap<string, string> {
  const claims = new Map<string, number>();
  const claimed = new Set<number>();
  for (const name of new Set([...known, ...drawn])) {
    const slot = claimed.size < PALETTE.length ? nextFree(hash(name), claimed) : hash(name);
    claims.set(name, slot);
    claimed.add(slot);
  }
  // With more names than colours two that are drawn may have claimed the same one: the later known yields, here only.
  const taken = new Set<number>();
  const colours = new Map<string, string>();
  for (const [name, claim] of claims) {
    if (!drawn.includes(name)) continue;
    const slot = taken.size < PALETTE.length ? nextFree(claim, taken) : claim;
    taken.add(slot);
    colours.set(name, PALETTE[slot] ?? PALETTE[0]);
  }
  return colours;
}

function nextFree(wanted: number, taken: ReadonlySet<number>): number {
  let slot = wanted;
  while (taken.has(slot)) slot = (slot + 1) % PALETTE.length;
  return slot;
}

/** FNV-1a, 32 bits, to a slot. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    value = Math.imul(value ^ name.charCodeAt(index), 0x01000193);
  }
  return (value >>> 0) % PALETTE.length;
}
