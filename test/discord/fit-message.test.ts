import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutWithNote, fitMessage } from '../../src/discord/fit-message.ts';
import type { Message } from '../../src/render/message.ts';

const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1_000, maxLength: 9_000 }));

const anyMessage: fc.Arbitrary<Message> = fc.record(
  {
    content: anyText,
    embed: fc.record(
      {
        title: anyText,
        description: anyText,
        colour: fc.integer({ min: 0, max: 0xffffff }),
        footer: anyText,
        fields: fc.array(fc.record({ name: anyText, value: anyText, inline: fc.boolean() }), { maxLength: 40 }),
      },
      { requiredKeys: ['title', 'colour'] },
    ),
    buttons: fc.array(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 100 }),
        label: anyText.filter((label) => label.length > 0),
        style: fc.constantFrom('act', 'danger', 'quiet'),
      }),
      { maxLength: 9 },
    ),
  },
  { requiredKeys: [] },
);

describe("Discord's limits", () => {
  it('hold for every message', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const body = fitMessage(message);
        expect(body.content.length).toBeLessThanOrEqual(2_000);
        for (const embed of body.embeds) {
          const fields = embed.fields ?? [];
          const lengths = [embed.title, embed.description, embed.footer?.text].map((text) => text?.length ?? 0);
          expect(lengths[0]).toBeLessThanOrEqual(256);
          expect(lengths[1]).toBeLessThanOrEqual(4_096);
          expect(lengths[2]).toBeLessThanOrEqual(2_048);
          expect(fields.length).toBeLessThanOrEqual(25);
          for (const { name, value } of fields) {
            expect(name.length).toBeGreaterThan(0);
            expect(name.length).toBeLessThanOrEqual(256);
            expect(value.length).toBeGreaterThan(0);
            expect(value.length).toBeLessThanOrEqual(1_024);
          }
          const total = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
          expect(total + lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(6_000);
        }
        for (const row of body.components) {
          const buttons = 'components' in row ? row.components : [];
          expect(buttons.length).toBeLessThanOrEqual(5);
          for (const button of buttons) {
            if ('label' in button) expect(button.label?.length).toBeLessThanOrEqual(80);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('cut with a note that says so', () => {
    expect(cutWithNote('x'.repeat(50), 20)).toBe(`${'x'.repeat(12)} … (cut)`);
  });

  it('never split a surrogate pair or leave half an escape', () => {
    expect(cutWithNote('🙂'.repeat(20), 21)).toBe('🙂🙂🙂🙂🙂🙂 … (cut)');
    expect(cutWithNote(`aaaa\\*${'b'.repeat(30)}`, 13)).toBe('aaaa … (cut)');
  });

  it('refuse a custom id that would route to something else when cut', () => {
    const button = { id: 'x'.repeat(101), label: 'Go', style: 'act' } as const;
    expect(() => fitMessage({ buttons: [button] })).toThrow(RangeError);
  });
});

describe('mentions', () => {
  it('are off for every message', () => {
    expect(fitMessage({ content: '@everyone' }).allowed_mentions).toEqual({ parse: [] });
  });

  it('name the pinged role and nothing else', () => {
    expect(fitMessage({ content: '<@&7>', pingRoles: ['7'] }).allowed_mentions).toEqual({ parse: [], roles: ['7'] });
  });
});

describe('the picture of a message', () => {
  const file = { name: 'chart.png', type: 'image/png' as const, description: 'connections', data: new Uint8Array([1]) };

  it('is shown by the embed', () => {
    const body = fitMessage({ embed: { title: 'a', colour: 0 }, file });
    expect(body.embeds[0]?.image).toEqual({ url: 'attachment://chart.png' });
    expect(body.attachments).toEqual([{ id: '0', filename: 'chart.png', description: 'connections' }]);
  });

  it('goes when a newer state has none', () => {
    expect(fitMessage({ embed: { title: 'a', colour: 0 } }).attachments).toEqual([]);
  });
});
