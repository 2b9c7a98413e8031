import type { RecoveryFigures } from '../measure-recoveries.ts';
import type { Part } from './part.ts';
import type { Pen } from './pen.ts';
import { nameRecovery } from './recoveries.ts';

/** They stop a server: product.md §7 wants a backup before that. */
const NEEDS_BACKUP: ReadonlySet<string> = new Set(['restart', 'remount', 'recreate']);

/** What the recoveries leave open: nobody there, a step left out or failed, no backup. */
export function askAboutRecoveries({ figures: { recoveries }, pen }: Part): readonly string[] {
  return recoveries.flatMap((one) => [
    ...askAboutApproval(one, pen),
    ...askAboutBackup(one, pen),
    ...askAboutSteps(one, pen),
  ]);
}

function askAboutApproval(one: RecoveryFigures, pen: Pen): readonly string[] {
  const { approved, over } = one;
  const name = nameRecovery(one, pen);
  if (approved === null) {
    return over?.stage === 'expired' ? [`Why did nobody answer the request for ${name}?`] : [];
  }
  return [
    ...(approved.brokeGlass ? [`Why was nobody there to approve ${name}, so that the glass was broken?`] : []),
    ...approved.overrides.map((because) => `Why was ${name} run in spite of “${pen.text(because)}”?`),
  ];
}

/** What the check found is among the steps; where there was none, no backup is configured. */
function askAboutBackup(one: RecoveryFigures, pen: Pen): readonly string[] {
  const { act, database, steps } = one;
  if (!NEEDS_BACKUP.has(act) || !steps.some(({ kind }) => kind !== 'capture-evidence')) return [];
  if (steps.some(({ kind }) => kind === 'check-backup')) return [];
  return [
    `No backup of ${pen.text(database, 63)} was looked for before ${pen.text(act)}: is there one, and where is it configured?`,
  ];
}

function askAboutSteps(one: RecoveryFigures, pen: Pen): readonly string[] {
  const name = nameRecovery(one, pen);
  return one.steps.flatMap(({ title, state, saw }) => {
    const what = `“${pen.text(title, 200)}”`;
    switch (state) {
      case 'skipped':
        return [`Why was ${what} left out of ${name}, and has it been seen to since?`];
      case 'failed':
        return [`Why did ${what} of ${name} fail (“${pen.text(saw, 200)}”)?`];
      case 'unknown':
        return [`Why could nobody tell what became of ${what} of ${name} (“${pen.text(saw, 200)}”)?`];
      case 'done':
      case 'undone':
        return [];
    }
  });
}
