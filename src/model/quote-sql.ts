/** A name as SQL takes it, whatever it holds. A configured name has no control character, so it stays on its line. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL takes it, with `standard_conforming_strings` on, as it is unless somebody turned it off. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
