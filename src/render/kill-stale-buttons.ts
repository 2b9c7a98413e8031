import { formatDuration } from '../model/duration.ts';
import { countedSessions, type KillChoice, nameKind } from '../model/kill-plan.ts';
import type { Button } from './message.ts';
import { referTo } from './name-reference.ts';

/** facts.md, Discord 7. */
const LONGEST_ID = 100;
/** Two names stand beside a kind and an age. */
const LONGEST_NAME = 20;

/** Opens `/db kill-stale` beside another message; `letter` marks an alert's. */
export function killStaleButton(database: string, application = '', letter = ''): Button {
  return { id: customId('show', nameOf(database), nameOf(application), letter), label: 'Kill stale…', style: 'quiet' };
}

/** Shows another command's answer about the database, beside the message. Null where its name does not fit. */
export function lookButton(command: string, label: string, database: string): Button | null {
  const id = `${command}:show:${encodeURIComponent(database)}`;
  return id.length <= LONGEST_ID ? { id, label, style: 'quiet' } : null;
}

/** One for each kind that could be asked for, as in `Idle ≥ 10 min: 45…`; one that would select nobody cannot be clicked. */
export function choiceButtons(
  database: string,
  application: string | null,
  choices: readonly KillChoice[],
): readonly Button[] {
  return choices.map(({ kind, olderThanMs, count }): Button => {
    const name = nameKind(kind);
    return {
      id: customId('choose', nameOf(database), kind, `${olderThanMs}ms`, nameOf(application ?? '')),
      label: `${name[0]?.toUpperCase() ?? ''}${name.slice(1)} ≥ ${formatDuration(olderThanMs)}: ${count}…`,
      style: count > 0 ? 'act' : 'quiet',
      disabled: count === 0,
    };
  });
}

/** Cancel left, the act right; both name exactly what was shown. */
export function confirmButtons({ id, hash }: { readonly id: string; readonly hash: string }, count: number) {
  const buttons: readonly Button[] = [
    { id: `db.kill-stale:cancel:${id}:${hash}`, label: 'Cancel', style: 'quiet' },
    { id: `db.kill-stale:go:${id}:${hash}`, label: `Terminate ${countedSessions(count)}`, style: 'danger' },
  ];
  return buttons;
}

function customId(action: string, ...args: readonly string[]): string {
  return ['db.kill-stale', action, ...args].join(':');
}

function nameOf(name: string): string {
  return referTo(name, LONGEST_NAME);
}
