import { formatDuration } from '../src/model/duration.ts';
import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';
import type { Outcome } from './run-benchmarks.ts';

const HEAD = ['', 'unit', 'value', '', 'min', 'p99', 'max', 'n'] as const;

export function renderMachine({ at, node, kernel, cpu, cores, memoryGib, load }: Machine): string {
  return `${at} · Node ${node} · Linux ${kernel} · ${cores} × ${cpu} · ${memoryGib} GiB · load ${load.toFixed(1)}`;
}

/** One benchmark as a table for people: a line a figure, and one below it for each peer with the ratio. */
export function renderOutcome(outcome: Outcome): string {
  const { name, summary, tookMs } = outcome;
  const title = `\n${name}: ${summary}`;
  if (!outcome.ok) return `${title}\n  NOT MEASURED: ${outcome.reason}`;
  const { figures, notes } = outcome.measured;
  const rows = figures.map(cellsOf);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  ')}`.trimEnd();
  const lines = figures.map((figure, index) =>
    [line(rows[index] ?? []) + remarkOf(figure)].concat(peersOf(figure)).join('\n'),
  );
  const remarks = [...notes, `took ${formatDuration(tookMs)}`].map((note) => `  · ${note}`);
  return [title, line(HEAD), ...lines, ...remarks].join('\n');
}

function cellsOf({ name, unit, value, statistic, min, p99, max, n }: Figure): string[] {
  return [
    name,
    unit,
    formatNumber(value),
    statistic,
    formatNumber(min),
    formatNumber(p99),
    formatNumber(max),
    String(n),
  ];
}

function peersOf({ peers, unit }: Figure): string[] {
  return peers.map(
    ({ name, value, source, ratio }) =>
      `      ${formatRatio(ratio)} ${name}: ${formatNumber(value)} ${unit} (${source})`,
  );
}

function remarkOf({ remark }: Figure): string {
  return remark === undefined ? '' : `  ${remark}`;
}

/** Names and words to the left, numbers to the right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 || column === 1 || column === 3 ? cell.padEnd(width) : cell.padStart(width);
}

/** Three significant digits, and no more: a machine that others use gives no more. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined) return '';
  if (value === 0 || Math.abs(value) >= 100) return value.toFixed(0);
  return Number(value.toPrecision(3)).toString();
}

/** As in `0.21 of` or `3.4 times`: ours against the peer's. */
export function formatRatio(ratio: number): string {
  return ratio < 1 ? `${formatNumber(ratio)} of` : `${formatNumber(ratio)} times`;
}
