import {
  ComponentType,
  type APIModalInteractionResponseCallbackData as Modal,
  TextInputStyle,
} from 'discord-api-types/v10';
import { cut } from '../model/plain-text.ts';
import type { Form, FormField } from '../render/form.ts';

/** Discord's limits (facts.md, Discord 7), enforced in this one place: words are cut, what would act otherwise is refused. */
const LIMITS = { customId: 100, title: 45, fields: 5, label: 45, placeholder: 100, text: 4_000 } as const;

const STYLES = { one: TextInputStyle.Short, many: TextInputStyle.Paragraph } as const;

/** Turns a form into a modal that Discord accepts. Throws RangeError for ids it could not route back and fields it could not show. */
export function fitForm({ id, title, fields }: Form): Modal {
  if (fields.length < 1 || fields.length > LIMITS.fields) throw new RangeError(`a form of ${fields.length} fields`);
  if (new Set(fields.map((field) => field.id)).size < fields.length) throw new RangeError('two fields of one id');
  return {
    custom_id: requireId(id),
    title: requireWords(title, LIMITS.title),
    components: fields.map((field) => ({
      type: ComponentType.Label,
      label: requireWords(field.label, LIMITS.label),
      component: fitField(field),
    })),
  };
}

function fitField({ id, lines, required, maxLength, placeholder = '', value = '' }: FormField) {
  const longest = Math.min(LIMITS.text, Math.max(1, maxLength));
  return {
    type: ComponentType.TextInput as const,
    custom_id: requireId(id),
    style: STYLES[lines],
    required,
    max_length: longest,
    ...(placeholder !== '' && { placeholder: cut(placeholder, LIMITS.placeholder) }),
    ...(value !== '' && { value: cut(value, longest) }),
  };
}

/** A cut id would route to nothing, or to something else. */
function requireId(id: string): string {
  if (id.length < 1 || id.length > LIMITS.customId) throw new RangeError(`custom id of ${id.length} characters`);
  return id;
}

function requireWords(text: string, limit: number): string {
  if (text.trim() === '') throw new RangeError('a title or label without words');
  return cut(text, limit);
}
