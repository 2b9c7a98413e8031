/** Advance widths of U+0020 to U+007E in DejaVu Sans Condensed, hundredths of an em: read from the font's hmtx table. */
// biome-ignore format: a table
const ADVANCES = [
  29,36,41,75,57,85,70,25,35,35,45,75,29,32,29,30,57,57,57,57,57,57,57,57,57,57,30,30,75,75,75,48,
  90,62,62,63,69,57,52,70,68,27,27,59,50,78,67,71,54,71,63,57,55,66,62,89,62,55,62,35,30,35,75,45,
  45,55,57,49,57,55,32,57,57,25,25,52,25,88,57,55,57,57,37,47,35,57,53,74,53,53,47,57,30,57,75,
];
/** Cyrillic and Greek are narrower, other scripts wider; what is drawn is clipped besides. */
const OTHER_ADVANCE = 75;
/** Bold digits are 63 to the regular 57; no letter of the table is wider by more. */
const BOLD = 1.13;

/** How wide a text is drawn, px: exact for ASCII in the regular face, an estimate on the wide side otherwise. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  let hundredths = 0;
  for (const character of text) hundredths += ADVANCES[(character.codePointAt(0) ?? 0) - 0x20] ?? OTHER_ADVANCE;
  return (hundredths / 100) * fontSize * (bold ? BOLD : 1);
}

/** The text, or as much of its beginning as fits with an ellipsis. */
export function cutToWidth(text: string, widthPx: number, fontSize: number, bold = false): string {
  if (textWidth(text, fontSize, bold) <= widthPx) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && textWidth(`${characters.join('')}…`, fontSize, bold) > widthPx) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}
