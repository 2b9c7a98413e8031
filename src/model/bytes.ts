const UNITS = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;
const SIZE = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB|TiB)$/;

/** Reads `512MiB`, `10GiB`, `1.5TiB` as bytes; null when it is no size (a unit is required). */
export function parseBytes(text: string): number | null {
  const [, amount, unit] = SIZE.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined) return null;
  return Math.round(Number(amount) * UNITS[unit as keyof typeof UNITS]);
}

/** Writes bytes for people, with at most one digit after the point: `10 GiB`, `1.5 TiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return 'unknown';
  const units = Object.entries(UNITS);
  const [name, size] = units.findLast(([, unit]) => bytes >= unit) ?? ['B', 1];
  return `${Number((bytes / size).toFixed(1))} ${name}`;
}
