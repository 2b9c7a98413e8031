/** What a person may see of a statement: its words, never its literals (product.md §10). Pure. */
export function maskStatement(statement: string): string {
  const verb = /^\s*([a-z]+)\b/i.exec(statement)?.[1];
  return verb === undefined ? '' : `${verb} …`;
}
