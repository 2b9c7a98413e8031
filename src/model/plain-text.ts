// Control characters, bidirectional overrides and isolates, zero-width and other invisible characters.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/** Removes what cannot be seen or would reorder a line; runs of blanks become one. */
export function stripInvisible(text: string): string {
  return text.replace(INVISIBLE, ' ').replace(/\s+/gu, ' ').trim();
}

/** Cuts to at most `maxLength` characters, the last one an ellipsis when something went. Never splits a surrogate pair. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, Math.max(0, maxLength - 1));
  return `${kept.replace(/[\uD800-\uDBFF]$/, '')}…`;
}
