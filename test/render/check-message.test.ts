import { expect, it } from 'vitest';
import { fitMessage } from '../../src/discord/fit-message.ts';
import type { CheckFinding } from '../../src/model/check-finding.ts';
import { renderNewFaults } from '../../src/render/check-message.ts';

const fault = (parts: Partial<CheckFinding> = {}): CheckFinding => ({
  id: 'x',
  level: 'fault',
  area: 'kubernetes',
  subject: 'claim',
  what: 'is gone',
  why: 'Data is lost.',
  mend: 'kubectl get pvc \\\n  --output yaml',
  ...parts,
});

it('says what, why and how to mend it, the command ready to be copied', () => {
  expect(renderNewFaults([fault()]).embed).toMatchObject({
    title: 'check found 1 new fault',
    description: `**kubernetes · claim**: is gone\nData is lost.\n\`\`\`\nkubectl get pvc \\\n  --output yaml\n\`\`\`\n\nAll of it, with what is well: \`breakwater check\``,
  });
});

it('lets nothing that others wrote ping, format, or end its block', () => {
  const evil = '@everyone **x** ``` [a](https://evil.example)';
  const description =
    renderNewFaults([fault({ subject: evil, what: evil, why: evil, mend: `${evil}\n${evil};` })], evil).embed
      ?.description ?? '';
  expect(description.split('```')).toHaveLength(3);
  const [before = '', block = '', after = ''] = description.split('```');
  expect(before + after).not.toMatch(/(?<!\\)@everyone|(?<!\\)\[a|(?<!\\)\*\*x/);
  expect(block).toContain("'''");
});

it('fits, however many and however long, and says how many are left out', () => {
  const long = 'x'.repeat(5_000);
  const message = renderNewFaults(
    Array.from({ length: 40 }, () => fault({ subject: long, what: long, why: long, mend: long })),
  );
  expect(message.embed?.description?.length).toBeLessThanOrEqual(4_096);
  expect(message.embed?.description).toMatch(/… and \d+ more\./);
  expect(() => fitMessage(message)).not.toThrow();
});

it('tells what to do in words outside of the block', () => {
  const { embed } = renderNewFaults([
    fault({ mend: 'Right-click the channel:\ndiscord:\n  channels: { alerts: "1" }' }),
  ]);
  expect(embed?.description).toContain('\nRight-click the channel:\n```\ndiscord:\n  channels: { alerts: "1" }\n```');
});

it('mends the first three, and of the others says what they are', () => {
  const all = Array.from({ length: 10 }, (_, index) => fault({ subject: `claim ${index}` }));
  const text = renderNewFaults(all).embed?.description ?? '';
  expect(text.match(/kubectl/g)).toHaveLength(3);
  expect(text).toContain('\n\n**kubernetes · claim 7**: is gone\n\n… and 2 more.');
});
