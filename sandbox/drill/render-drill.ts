import type { Entry } from './recorder.ts';
import type { Summary } from './run-drill.ts';

const MARKS: Readonly<Record<Entry['kind'], string>> = {
  act: '▌',
  alert: '  🔔',
  edit: '  ✎',
  answer: '  💬',
  passed: '  ✓',
  failed: '  ✗ FAILED:',
  figure: '  ·',
};

/** One line of the timeline. Pure. */
export function renderEntry({ at, kind, text }: Entry, startedAt: number): string {
  const seconds = ((at - startedAt) / 1_000).toFixed(2).padStart(7);
  return `${kind === 'act' ? '\n' : ''}${seconds} s ${MARKS[kind]} ${text}`;
}

/** The score under a timeline; what was not measured is left out. Pure. */
export function renderScore(summary: Summary, own: Readonly<Record<string, number>>): string {
  const { failures, detectMs, acknowledgeMs, recoverMs, peakSessions, terminated, spared, incident, messages, edits } =
    summary;
  const lines = [
    { name: 'detected after', value: detectMs, unit: 'ms (crossing in PostgreSQL → POST at Discord)' },
    { name: 'acknowledged after', value: acknowledgeMs, unit: 'ms (crossing → somebody has it)' },
    { name: 'recovered after', value: recoverMs, unit: 'ms (crossing → the alert is green)' },
    ...Object.entries(own).map(([name, value]) => ({ name, value, unit: '' })),
    { name: 'peak', value: peakSessions, unit: 'sessions' },
    { name: 'terminated, spared', value: terminated === null ? null : `${terminated}, ${spared}`, unit: 'sessions' },
    { name: 'incident', value: incident && `${incident.id}, ${incident.events} events`, unit: '' },
    { name: 'messages, edits', value: `${messages}, ${edits}`, unit: '' },
  ].filter(({ value }) => value !== null);
  return [
    '',
    failures.length === 0
      ? 'Recovered: every expectation held.'
      : `Not recovered: ${failures.length} expectations failed.\n${failures.map((text) => `  ✗ ${text}`).join('\n')}`,
    ...lines.map(({ name, value, unit }) => `  ${name.padEnd(18)} ${value} ${unit}`.trimEnd()),
  ].join('\n');
}
