import { expect, it } from 'vitest';
import type { TerminationFate } from '../../src/model/termination.ts';
import { decideFate } from '../../src/postgres/decide-fate.ts';
import type { Attempt } from '../../src/postgres/signal-in-batches.ts';

const TARGET = { pid: 1, backendStart: '', userId: 1, databaseId: 1, state: 'idle', stateChange: '' } as const;

type Case = [Attempt['result'], 'gone' | 'there' | 'unseen', TerminationFate, 'shaken'?];

it.each<Case>([
  ['signalled', 'gone', 'terminated'],
  ['signalled', 'there', 'failed'],
  ['signalled', 'unseen', 'unknown'],
  ['ended', 'gone', 'ended'],
  ['ended', 'gone', 'terminated', 'shaken'],
  ['used', 'there', 'used'],
  ['used', 'gone', 'used'],
  ['hidden', 'unseen', 'unknown'],
  ['own', 'there', 'protected'],
  ['no client', 'there', 'protected'],
  ['no role', 'there', 'protected'],
  ['superuser', 'gone', 'protected'],
  ['replication', 'unseen', 'protected'],
  ['refused', 'there', 'failed'],
  ['refused', 'gone', 'ended'],
  ['refused', 'unseen', 'failed'],
  ['unanswered', 'gone', 'unknown'],
  ['unanswered', 'there', 'failed'],
  ['unanswered', 'unseen', 'unknown'],
  ['untried', 'gone', 'ended'],
  ['untried', 'gone', 'terminated', 'shaken'],
  ['untried', 'there', 'failed'],
  ['untried', 'unseen', 'failed'],
  ['untried', 'unseen', 'unknown', 'shaken'],
])('%s, then %s: %s %s', (result, look, fate, shaken) => {
  const attempt = { target: TARGET, result, reason: 'why', shaken: shaken === 'shaken' };
  const decided = decideFate(attempt, look, 'the server is away');
  expect(decided.fate).toBe(fate);
  if (fate === 'failed' || fate === 'unknown' || fate === 'protected') expect(decided.reason).toBeTruthy();
});
