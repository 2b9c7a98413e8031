import type { KubeObject } from '../../api/object.ts';
import type { Column } from '../../api/resource-type.ts';

/** Cells that many kinds share; what is absent reads `<none>` or `<unknown>`, as the server prints it. */

export const AGE: Column = { name: 'Age', cell: ({ metadata }, now) => ageOf(metadata.creationTimestamp, now) };

/** As in `45s`, `3m10s`, `26h`; `at` is RFC 3339, `now` epoch milliseconds. */
export function ageOf(at: string | null | undefined, now: number): string {
  return at ? printDuration((now - Date.parse(at)) / 1_000) : '<unknown>';
}

/** Coarser the longer it is (apimachinery's HumanDuration). Seconds. */
export function printDuration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const [m, h, d] = [Math.floor(s / 60), Math.floor(s / 3_600), Math.floor(s / 86_400)];
  if (s < 120) return `${s}s`;
  if (m < 10) return `${m}m${s % 60 === 0 ? '' : `${s % 60}s`}`;
  if (m < 180) return `${m}m`;
  if (h < 8) return `${h}h${m % 60 === 0 ? '' : `${m % 60}m`}`;
  if (h < 48) return `${h}h`;
  if (d < 8) return `${d}d${h % 24 === 0 ? '' : `${h % 24}h`}`;
  return d < 730 ? `${d}d` : `${Math.floor(d / 365)}y${Math.floor(d % 365)}d`;
}

/** The containers of a template, for `-o wide`. */
export const CONTAINERS: readonly Column[] = [
  { name: 'Containers', wide: true, cell: (object) => containersOf(object, 'name') },
  { name: 'Images', wide: true, cell: (object) => containersOf(object, 'image') },
];

export const SELECTOR: Column = {
  name: 'Selector',
  wide: true,
  cell: ({ spec }) => printLabels(spec?.selector?.matchLabels ?? spec?.selector),
};

export function printLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

/** As in `RWO`. */
export function printAccessModes(modes: readonly string[] | undefined): string {
  return (modes ?? []).map((mode) => mode.replaceAll(/[a-z]/g, '')).join(',');
}

export function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

export function orNone(value: unknown): string | number {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? value : '<none>';
}

function containersOf({ spec }: KubeObject, field: 'name' | 'image'): string {
  const containers = (spec?.template?.spec?.containers ?? []) as Readonly<Record<string, string>>[];
  return containers.map((container) => container[field] ?? '').join(',');
}
