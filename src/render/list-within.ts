/** A description holds 4,096 characters (facts.md, Discord 7); the rest is for what stands around the list. */
const MOST_CHARACTERS = 3_400;
const MOST_LINES = 20;

/** As many of the lines as an embed has room for, and how many are left out. */
export function listWithin(lines: readonly string[]): readonly string[] {
  let room = MOST_CHARACTERS;
  const shown = lines.slice(0, MOST_LINES).filter((line) => (room -= line.length + 1) >= 0);
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `… and ${more} more`] : shown;
}
