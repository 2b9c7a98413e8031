import { expect, test } from 'vitest';
import { renderExpired, renderInterrupted } from '../../src/render/confirmation-message.ts';
import { ADA, proposal } from '../confirmations/desk-world.ts';
import { NOW } from '../support/builders.ts';

const EVIL = '@everyone **2** sessions';
const confirmation = {
  ...proposal({ summary: EVIL, database: '_main_' }),
  id: '0000000001',
  hash: 'f'.repeat(16),
  at: NOW,
  until: NOW + 120_000,
  shownAt: null,
  state: { kind: 'interrupted', by: ADA, at: NOW, endedAt: NOW, outcome: null },
} as const;

test('a preview that expired says what did not happen, and what to do', () => {
  const { title, description: text = '' } = renderExpired(confirmation).embed ?? {};
  expect(title).toBe('\\_main\\_: expired, nothing was done');
  expect(text).toContain('Run `/db kill-stale` again.');
  expect(text).not.toMatch(/@everyone|\*\*2/);
});

test('what was interrupted says who confirmed it, what is known, and that nothing goes on by itself', () => {
  const text = renderInterrupted(confirmation, '**1** of 2 is gone').embed?.description ?? '';
  expect(text).toContain(`Confirmed by <@${ADA}>`);
  expect(text).toContain('\\*\\*1\\*\\* of 2 is gone');
  expect(text).toContain('run `/db kill-stale` again for what is left');
  expect(text).not.toMatch(/@everyone|\*\*2/);
});
