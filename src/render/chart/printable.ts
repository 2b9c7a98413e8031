const LONGEST = 200;

/**
 * Hostile text (application names, titles) as harmless text on one line. Away go control characters, bidi and
 * zero-width marks, lone surrogates, private and unassigned code points (all of Unicode's category C, which XML and
 * the eye cannot bear), and towers of combining marks. Glyphs that the font lacks are drawn as boxes.
 */
export function printable(text: string): string {
  const clean = Array.from(text.slice(0, 4 * LONGEST).normalize('NFC'))
    .slice(0, LONGEST)
    .join('')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/\p{C}/gu, '')
    .replace(/(\p{M})\p{M}+/gu, '$1')
    .trim();
  return clean === '' ? '(unprintable)' : clean;
}
