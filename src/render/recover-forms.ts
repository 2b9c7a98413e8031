import type { RecoveryRun } from '../recovery/run.ts';
import type { Form, FormField } from './form.ts';
import { plainUntrusted } from './untrusted.ts';

/** What the approval of this plan is typed with: the database's name where the policy says so, and each override's word. Pure. */
export function renderApproveForm(run: RecoveryRun): Form {
  return {
    id: `db.recover:approve-typed:${run.id}:${run.hash}`,
    title: `Approve ${run.plan.strategy} of ${plainUntrusted(run.plan.database, 20)}`,
    fields: [...(run.policy === 'typed' ? [askForName(run)] : []), ...askForWords(run)],
  };
}

/** Without a second person: who does this says so by name, and why. Pure. */
export function renderBreakGlassForm(run: RecoveryRun): Form {
  return {
    id: `db.recover:break-glass:${run.id}:${run.hash}`,
    title: 'Break glass: approve it yourself',
    fields: [
      askForName(run),
      {
        id: REASON,
        label: 'Why nobody else can approve it',
        lines: 'many',
        required: true,
        maxLength: 500,
        placeholder: 'It stands in the timeline, and the on-call role is pinged.',
      },
      ...askForWords(run),
    ],
  };
}

/** What was typed to approve, in the order of the form: the reason is not among it. Pure. */
export function readTyped(fields: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(fields)
    .filter((id) => id === NAME || id.startsWith(WORD))
    .sort()
    .flatMap((id) => (fields[id] ?? '').split('\n'))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

export function readReason(fields: Readonly<Record<string, string>>): string {
  return (fields[REASON] ?? '').trim();
}

// `database` sorts before `word-…`.
const [NAME, REASON, WORD] = ['database', 'reason', 'word-'];

/** A name of 63 bytes, with room for blanks. */
const LONGEST = 100;

function askForName({ plan: { database } }: RecoveryRun): FormField {
  return {
    id: NAME,
    label: "Type the database's name",
    lines: 'one',
    required: true,
    maxLength: LONGEST,
    placeholder: plainUntrusted(database),
  };
}

/** A form has five fields (facts.md, Discord 7): more words than these share one. */
const MOST_WORDS = 3;

function askForWords({ plan: { overrides } }: RecoveryRun): readonly FormField[] {
  if (overrides.length > MOST_WORDS) {
    const words = overrides.map(({ word }) => word).join(' / ');
    const label = `Type these ${overrides.length}, each on its own line`;
    return [
      { id: `${WORD}0`, label, lines: 'many', required: true, maxLength: 1_000, placeholder: plainUntrusted(words) },
    ];
  }
  return overrides.map(({ word, because }, index) => ({
    id: `${WORD}${index}`,
    label: `Type: ${plainUntrusted(word, 38)}`,
    lines: 'one',
    required: true,
    maxLength: LONGEST,
    placeholder: plainUntrusted(because),
  }));
}
