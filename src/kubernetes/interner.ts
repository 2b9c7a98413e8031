/** Gives equal strings as one, so that 5,000 pods do not hold 5,000 copies of an image's name. */
export type Intern = (text: string) => string;

/** What is repeated in a cluster is few; where it is not, starting anew costs less than keeping everything. */
const MOST = 20_000;

export function createInterner(): Intern {
  const known = new Map<string, string>();
  return (text) => {
    const same = known.get(text);
    if (same !== undefined) return same;
    if (known.size >= MOST) known.clear();
    known.set(text, text);
    return text;
  };
}
