import { formatDuration } from '../model/duration.ts';
import { countedSessions, type KillChoice, nameKind } from '../model/kill-plan.ts';
import type { Button } from './message.ts';

/** facts.md, Discord 7. */
const LONGEST_ID = 100;

/**
 * Opens `/db kill-stale` beside another message; `letter` marks an alert's. Null where the name of the database does not
 * fit into a custom id; an application's that does not is left out.
 */
export function killStaleButton(database: string, application = '', letter = ''): Button | null {
  const idFor = (name: string) => customId('show', database, name, letter);
  const id = [idFor(application), idFor('')].find(fits);
  return id === undefined ? null : { id, label: 'Kill stale…', style: 'quiet' };
}

/** Shows another command's answer about the database, beside the message. Null where its name does not fit. */
export function lookButton(command: string, label: string, database: string): Button | null {
  const id = `${command}:show:${encodeURIComponent(database)}`;
  return fits(id) ? { id, label, style: 'quiet' } : null;
}

/** One for each kind that could be asked for, as in `Idle ≥ 10 min: 45…`; one that would select nobody cannot be clicked. */
export function choiceButtons(
  database: string,
  application: string | null,
  choices: readonly KillChoice[],
): readonly Button[] {
  return choices
    .map(({ kind, olderThanMs, count }): Button => {
      const name = nameKind(kind);
      return {
        id: customId('choose', database, kind, `${olderThanMs}ms`, application ?? ''),
        label: `${name[0]?.toUpperCase() ?? ''}${name.slice(1)} ≥ ${formatDuration(olderThanMs)}: ${count}…`,
        style: count > 0 ? 'act' : 'quiet',
        disabled: count === 0,
      };
    })
    .filter(({ id }) => fits(id));
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
  return ['db.kill-stale', action, ...args.map(encodeURIComponent)].join(':');
}

function fits(id: string): boolean {
  return id.length <= LONGEST_ID;
}
