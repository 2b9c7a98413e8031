/** Joins whole lines while they fit; says how many are left out instead of cutting one in two. */
export function joinLines(lines: readonly string[], limit: number): string {
  const all = lines.join('\n');
  if (all.length <= limit) return all;
  const longestNote = noteOf(lines.length).length;
  let kept = 0;
  let length = 0;
  for (const line of lines) {
    if (length + line.length + 1 + longestNote > limit) break;
    length += line.length + 1;
    kept += 1;
  }
  return [...lines.slice(0, kept), noteOf(lines.length - kept)].join('\n');
}

function noteOf(left: number): string {
  return `… and ${left} more`;
}
