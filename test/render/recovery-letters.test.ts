import { expect, it } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import { renderBrokeGlass, renderEvidence, tellInstead } from '../../src/render/recovery-letters.ts';
import { NOW } from '../support/builders.ts';
import { REQUESTER } from '../support/recovery-builders.ts';

const NAME = { runId: '0123456789', database: 'main', strategy: 'restart' };
const HOSTILE = '@everyone **x** `y` <@&7>';
const broken = { ...NAME, by: REQUESTER, reason: 'nobody answers', at: NOW };
const range = { ...NAME, from: 0, count: 2, total: 2, gaps: [], at: NOW };
const files = (...names: string[]): Evidence => ({
  files: names.map((name) => ({ name, text: `of ${name}` })),
  gaps: [],
});
const namesOf = (message: ReturnType<typeof renderEvidence>) => message.attachments?.map(({ name }) => name);
const textsOf = (message: ReturnType<typeof renderEvidence>) =>
  message.attachments?.map(({ data }) => Buffer.from(data).toString());

it('pings the on-call role in the content, and says there who, what and why', () => {
  const { content, pingRoles } = renderBrokeGlass(broken, '42');
  expect(content).toBe(
    `<@&42> <@${REQUESTER}> broke the glass: restart on main runs without a second approval. Reason: nobody answers`,
  );
  expect(pingRoles).toEqual(['42']);
});

it('without an on-call role pings nobody', () => {
  const { content, pingRoles } = renderBrokeGlass(broken, undefined);
  expect(content).not.toContain('<@&');
  expect(pingRoles).toBe(undefined);
});

it('shows a hostile reason plainly', () => {
  const { content, embed } = renderBrokeGlass({ ...broken, reason: HOSTILE }, '42');
  for (const text of [content, embed?.description]) {
    expect(text).not.toContain('@everyone');
    expect(text).not.toContain('<@&7>');
    expect(text).not.toContain('**x**');
  }
});

it('attaches the files of its range as text', () => {
  const evidence = files('a', 'b', 'c', 'd');
  const message = renderEvidence({ ...range, from: 2, count: 2, total: 4 }, evidence);
  expect(namesOf(message)).toEqual(['c', 'd']);
  expect(textsOf(message)).toEqual(['of c', 'of d']);
  expect(new Set(message.attachments?.map(({ type }) => type))).toEqual(new Set(['text/plain']));
  expect(message.embed?.title).toBe('restart on main: evidence, files 3 to 4 of 4');
});

it('lists what is missing', () => {
  const { embed } = renderEvidence({ ...range, gaps: [`previous logs: ${HOSTILE}`] }, files('a', 'b'));
  expect(embed?.description).toContain('**Not captured:**\n- previous logs: ');
  expect(embed?.description).not.toContain('@everyone');
});

it('says that nothing could be captured, and that files are not kept any more', () => {
  expect(renderEvidence({ ...range, count: 0, total: 0 }, null).embed?.description).toContain(
    'Nothing could be captured',
  );
  expect(renderEvidence(range, null).embed?.description).toContain('2 of these files are not in the journal any more');
  expect(renderEvidence(range, null).attachments).toBe(undefined);
});

it('attaches no file that Discord does not take: none without a byte, none of a strange name, ten below 8 MiB', () => {
  const big = 'line\n'.repeat(400_000);
  const evidence = {
    files: [
      { name: '../x y.log', text: '' },
      ...files('b').files,
      ...Array.from({ length: 8 }, () => ({ name: 'l.log', text: big })),
    ],
    gaps: [],
  }; // prettier-ignore
  const message = renderEvidence({ ...range, count: 10, total: 10 }, evidence);
  expect(namesOf(message)?.[0]).toBe('..-x-y.log');
  expect(textsOf(message)?.[0]).toBe('(empty)\n');
  const bytes = message.attachments?.reduce((sum, { data }) => sum + data.byteLength, 0);
  expect(bytes).toBeLessThan(8 * 1_024 * 1_024);
  expect(textsOf(message)?.at(-1)).toMatch(/… \d+ of 2000000 bytes are left out here …/);
});

it('says why a message does not stand where it belongs', () => {
  const message = tellInstead(renderBrokeGlass(broken, '42'), '77', `Unknown ${HOSTILE}`);
  expect(message.embed?.description).toMatch(/^Told here, as <#77> takes no messages: Unknown /);
  expect(message.embed?.description).not.toContain('@everyone');
  expect(message.pingRoles).toEqual(['42']);
});
