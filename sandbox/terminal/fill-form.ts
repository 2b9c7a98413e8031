import type { ModalField } from '../discord/players/modal-fields.ts';
import type { Outcome } from '../discord/players/outcome.ts';
import type { Player } from '../discord/players/player.ts';

/** A form that stands open in the terminal; its fields are typed one after the other. */
export interface OpenForm {
  /** Who opened it, whoever one acts as by now. */
  readonly player: Player;
  readonly opened: Outcome;
  readonly answers: Readonly<Record<string, string>>;
}

export type Typed =
  | { readonly kind: 'next' | 'full'; readonly form: OpenForm }
  | { readonly kind: 'again'; readonly reason: string }
  | { readonly kind: 'cancelled' };

/** The word that closes a form without sending it. */
const CANCEL = 'cancel';

/** The field to be typed now; null when all are. */
export function currentField({ opened, answers }: OpenForm): ModalField | null {
  return opened.modal?.fields.find(({ customId }) => !Object.hasOwn(answers, customId)) ?? null;
}

/** What a person is asked for: the label, what may be left empty, and what stands in it already. */
export function describeField({ label, required, value, placeholder }: ModalField): string {
  const example = value === '' && placeholder !== '' ? `, as in ${placeholder}` : '';
  return `${label} (${value === '' ? (required ? 'required' : 'may stay empty') : `ENTER keeps ${value}`}${example})`;
}

/** Takes a line for the field that is to be typed now. Pure. */
export function typeInto(form: OpenForm, line: string): Typed {
  const field = currentField(form);
  if (line.trim() === CANCEL) return { kind: 'cancelled' };
  if (field === null) return { kind: 'full', form };
  const value = line === '' ? field.value : line;
  if (value === '' && field.required) return { kind: 'again', reason: `${field.label} is required; ${CANCEL} closes.` };
  const filled = { ...form, answers: { ...form.answers, [field.customId]: value } };
  return { kind: currentField(filled) === null ? 'full' : 'next', form: filled };
}
