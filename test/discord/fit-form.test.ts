import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createValidator } from '../../sandbox/discord/validate/validator.ts';
import { fitForm } from '../../src/discord/fit-form.ts';
import type { Form, FormField } from '../../src/render/form.ts';
import { sharedOpenApi } from '../sandbox/discord/api.ts';

const NOTE: FormField = { id: 'note', label: 'Note', lines: 'many', required: true, maxLength: 500 };
const form = (parts: Partial<Form> = {}): Form => ({
  id: 'incident.note:add',
  title: 'Note',
  fields: [NOTE],
  ...parts,
});

const words = fc.string({ unit: 'grapheme', maxLength: 200 });
const titles = words.filter((text) => text.trim() !== '');
const anyForm: fc.Arbitrary<Form> = fc.record({
  id: fc.string({ minLength: 1, maxLength: 100 }),
  title: titles,
  fields: fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 100 }),
      label: titles,
      lines: fc.constantFrom('one', 'many'),
      required: fc.boolean(),
      maxLength: fc.integer({ min: -1, max: 9_000 }),
      placeholder: words,
      value: fc.string({ maxLength: 9_000 }),
    }),
    { minLength: 1, maxLength: 5, selector: ({ id }) => id },
  ),
});

describe("a form within Discord's limits", () => {
  it('is one that Discord opens, whatever its words', async () => {
    const validate = createValidator(sharedOpenApi);
    await fc.assert(
      fc.asyncProperty(anyForm, async (given) => {
        const json = { type: 9, data: fitForm(given) };
        const path = '/interactions/{interaction_id}/{interaction_token}/callback';
        const { findings } = await validate({
          kind: 'interaction-callback',
          method: 'POST',
          path,
          json,
          uploads: [],
          reason: null,
        });
        // An id that is given twice, once to the form and once to a field, is the caller's fault.
        expect(findings.filter(({ rule }) => rule !== 'modal-custom-id-duplicate')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('has its words cut where they are too long', () => {
    const long = 'x'.repeat(200);
    const modal = fitForm(form({ title: long, fields: [{ ...NOTE, label: long, placeholder: long }] }));
    expect(modal.title).toHaveLength(45);
    expect(modal.components).toMatchObject([{ label: modal.title, component: { placeholder: `${'x'.repeat(99)}…` } }]);
  });

  it('keeps what was written in it short enough to be sent again', () => {
    const field = { ...NOTE, maxLength: 10, value: 'x'.repeat(30) };
    const [label] = fitForm(form({ fields: [field] })).components;
    expect(label).toMatchObject({ component: { max_length: 10, value: `${'x'.repeat(9)}…` } });
  });

  it.each<readonly [string, Form]>([
    ['an id that would be cut', form({ id: 'x'.repeat(101) })],
    ['no id', form({ id: '' })],
    ['a field id that would be cut', form({ fields: [{ ...NOTE, id: 'x'.repeat(101) }] })],
    ['no fields', form({ fields: [] })],
    ['six fields', form({ fields: Array.from({ length: 6 }, (_, i) => ({ ...NOTE, id: `f${i}` })) })],
    ['two fields of one id', form({ fields: [NOTE, NOTE] })],
    ['no title', form({ title: ' ' })],
    ['no label', form({ fields: [{ ...NOTE, label: '' }] })],
  ])('is not made of one with %s', (_, faulty) => {
    expect(() => fitForm(faulty)).toThrow(RangeError);
  });
});
