import { COMPONENT, type Component } from '../world/message-parts.ts';

/** A form that the bot opened over the channel. */
export interface Modal {
  readonly customId: string;
  readonly title: string;
  readonly components: readonly Component[];
  /** What one can type into, from top to bottom. */
  readonly fields: readonly ModalField[];
}

export interface ModalField {
  readonly customId: string;
  readonly label: string;
  readonly placeholder: string;
  readonly required: boolean;
  /** What stands in it already. */
  readonly value: string;
}

/** The data of a callback of type 9, as a person sees it. */
export function readModal(data: Readonly<Record<string, unknown>>): Modal {
  const { custom_id, title, components } = data as {
    readonly custom_id: string;
    readonly title: string;
    readonly components: readonly Component[];
  };
  return { customId: custom_id, title, components, fields: components.flatMap((one) => listFields(one)) };
}

/** The inputs in a row or a label; a label lends its input its words. */
function listFields({ type, label, component, components = [], ...field }: Component, above = ''): ModalField[] {
  if (type !== COMPONENT.textInput) {
    return [component, ...components].flatMap((inner) => (inner ? listFields(inner, label) : []));
  }
  const { custom_id: customId = '', placeholder = '', required = true, value = '' } = field;
  return [{ customId, label: label ?? above, placeholder, required, value }];
}

/**
 * A modal's components as they are submitted, filled in by custom id. Throws what Discord's client would not let one
 * submit: a required field left empty, a text of the wrong length, a field that is not there.
 */
export function fillModal(modal: Modal, fields: Readonly<Record<string, string | readonly string[]>>): unknown[] {
  const known = new Set<string>();
  const filled = modal.components.flatMap((component): unknown[] => {
    if (component.type === COMPONENT.row) {
      const inner = (component.components ?? []).map((field) => fillField(field, fields, known));
      return [{ type: COMPONENT.row, id: component.id ?? 1, components: inner }];
    }
    if (component.type === COMPONENT.label && component.component !== undefined) {
      const { label } = component;
      const inner = fillField({ ...component.component, ...(label !== undefined && { label }) }, fields, known);
      return [{ type: COMPONENT.label, id: component.id ?? 1, component: inner }];
    }
    return [];
  });
  const unknown = Object.keys(fields).find((name) => !known.has(name));
  if (unknown !== undefined) throw new Error(`${modal.title}: there is no field ${unknown}`);
  return filled;
}

function fillField(field: Component, fields: Readonly<Record<string, string | readonly string[]>>, known: Set<string>) {
  const customId = field.custom_id ?? '';
  known.add(customId);
  const base = { type: field.type, id: field.id ?? 1, custom_id: customId };
  const given = fields[customId];
  if (field.type !== COMPONENT.textInput) return { ...base, values: given === undefined ? [] : [given].flat() };
  const value = typeof given === 'string' ? given : (field.value ?? '');
  if (value === '' && field.required !== false) throw new Error(`${field.label ?? customId} is required`);
  if (value !== '' && (value.length < (field.min_length ?? 0) || value.length > (field.max_length ?? 4000))) {
    throw new Error(`${field.label ?? customId} is too short or too long`);
  }
  return { ...base, value };
}
