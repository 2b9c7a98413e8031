/** `#rrggbb` between two colours: `share` of the first, the rest of the second. */
export function mixColours(first: string, second: string, share: number): string {
  const mixed = [1, 3, 5].map((at) => {
    const a = Number.parseInt(first.slice(at, at + 2), 16);
    const b = Number.parseInt(second.slice(at, at + 2), 16);
    return Math.round(a * share + b * (1 - share))
      .toString(16)
      .padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}
