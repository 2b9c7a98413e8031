import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitMessage } from '../../src/discord/fit-message.ts';
import { renderDigest } from '../../src/render/digest-message.ts';
import { COLOURS } from '../../src/render/message.ts';
import { renderOutageNote } from '../../src/render/outage-note.ts';

const HOSTILE = '@everyone <@&1> [x](https://evil.example) ```\n# big';
const firing = { line: 'site at 40 of 32', severity: 'warning', over: false } as const;

it('a digest leads with what still fires, and says how many', () => {
  const { embed } = renderDigest('digest.1', [{ ...firing, line: 'past', over: true }, firing]);
  expect(embed?.title).toBe('🟠 firing: 1 of 2 alerts');
  expect(embed?.description?.split('\n').slice(1)).toEqual(['🟠 site at 40 of 32', '🟢 past']);
});

it('a digest is red while something critical in it fires', () => {
  expect(renderDigest('digest.1', [firing, { ...firing, severity: 'critical' }]).embed?.colour).toBe(COLOURS.critical);
});

it('a digest whose alerts were all posted again says so, and neither that they fire nor that they are over', () => {
  const { embed } = renderDigest('digest.1', [
    { ...firing, superseded: true },
    { ...firing, line: 'past', over: true },
  ]);
  expect(embed).toMatchObject({ title: '⚪ posted again below: 1 of 2 alerts', colour: COLOURS.unknown });
  expect(embed?.description?.split('\n').slice(1)).toEqual(['⚪ site at 40 of 32', '🟢 past']);
});

it('a note says from when to when in the readers’ own time, and counts in plain words', () => {
  const { embed } = renderOutageNote({ id: 'note.1', from: 1_000_000, to: 2_000_000, lines: ['a'] });
  expect(embed?.description).toMatch(
    /^Blind from <t:1000:T> to <t:2000:T>.*1 alert came and went unseen meanwhile:\n- a/,
  );
});

it('hostile names do nothing in either', () => {
  const texts = [
    renderDigest('digest.1', [{ ...firing, line: HOSTILE }]),
    renderOutageNote({ id: 'note.1', from: 0, to: 0, lines: [HOSTILE] }),
  ].map(({ embed }) => embed?.description ?? '');
  for (const text of texts) expect(text).not.toMatch(/[^\\]@everyone|[^\\]<@|[^\\]```|\n# big|[^\\]\]\(https/);
});

it('however many alerts of whatever length, the list fits, and says what is left out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { minLength: 1, maxLength: 300 }),
      (lines) => {
        const digest = fitMessage(
          renderDigest(
            'digest.1',
            lines.map((line) => ({ ...firing, line })),
          ),
        );
        const note = fitMessage(renderOutageNote({ id: 'note.1', from: 0, to: 0, lines }));
        for (const { embeds } of [digest, note]) {
          expect(embeds[0]?.description).not.toContain('(cut)');
          if (lines.length > 20) expect(embeds[0]?.description).toMatch(/… and \d+ more/);
        }
      },
    ),
    { numRuns: 50 },
  );
});
