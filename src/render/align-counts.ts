/** A number and what it counts on each line, the numbers in a column for the eye to compare; the words are safe Markdown. */
export function alignCounts(counts: readonly (readonly [number, string])[]): readonly string[] {
  const width = counts.reduce((most, [count]) => Math.max(most, String(count).length), 0);
  return counts.map(([count, words]) => `\`${String(count).padStart(width)}\` ${words}`);
}
