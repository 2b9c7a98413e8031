/** `20201211-1324`, the minute in UTC; `-2` and so on where that is taken. Pure; `at` in epoch milliseconds. */
export function nameIncident(at: number, taken: ReadonlySet<string>): string {
  const minute = new Date(at).toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-');
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? minute : `${minute}-${number}`;
    if (!taken.has(name)) return name;
  }
}
