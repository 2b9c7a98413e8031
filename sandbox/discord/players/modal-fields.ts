import { COMPONENT, type Component } from '../world/message-parts.ts';
import type { Modal } from './outcome.ts';

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
      const inner = fillField(component.component, fields, known);
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
