import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openConfirmations } from '../../src/bot-confirmations.ts';
import { openStreams } from '../../src/bot-journal.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { ADA, proposal } from '../confirmations/desk-world.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { defer, endAfterEach } from './world.ts';

endAfterEach();

async function journalFile() {
  const directory = await mkdtemp(join(tmpdir(), 'breakwater-runs-'));
  defer(() => rm(directory, { recursive: true, force: true }));
  const fatal: string[] = [];
  const live = async () => {
    const log = createRecordedLog();
    const journal = { kind: 'sqlite' as const, path: join(directory, 'journal.db') };
    const streams = await openStreams({
      redactor: createRedactor([]),
      journal,
      clock: systemClock,
      log,
      onFatal: (reason) => fatal.push(reason),
    });
    defer(() => streams.close());
    return { streams, log, desk: await openConfirmations({ streams, clock: systemClock, log }) };
  };
  return { live, fatal };
}

it('a confirmation outlives the bot: open, claimed, and done', async () => {
  const { live } = await journalFile();
  const first = await live();
  const [open, claimed, done] = await Promise.all([1, 2, 3].map(() => first.desk.propose(proposal())));
  if (!open || !claimed || !done) throw new Error('nothing was proposed');
  await first.desk.claim(claimed.id, claimed.hash, ADA);
  await first.desk.claim(done.id, done.hash, ADA);
  await first.desk.finish(done.id, { terminated: 45 });
  await first.streams.close();
  const { desk } = await live();
  expect(desk.interrupted().map(({ id }) => id)).toEqual([claimed.id]);
  expect(desk.find(claimed.id)?.plan).toEqual(proposal().plan);
  // What is over keeps its plan in the journal only.
  expect(desk.find(done.id)).toMatchObject({ plan: null, state: { kind: 'done', outcome: { terminated: 45 } } });
  expect(await desk.claim(open.id, open.hash, ADA)).toMatchObject({ ok: true });
});

it('the newest 200 runs are remembered, in whatever order their ids stand', async () => {
  const { live } = await journalFile();
  const first = await live();
  for (let index = 0; index < 250; index += 1) {
    const id = `${index}`.padStart(10, index % 2 === 0 ? '0' : 'f');
    const data = { ...proposal(), hash: 'f'.repeat(16), until: index };
    await first.streams.open(`runs/${id}`).write([{ type: 'proposed', version: 1, at: index, data }]);
  }
  const past = await first.streams.readNewest('runs/', 200);
  expect(past.size).toBe(200);
  expect([...past.keys()].map(Number).every((index) => Number.isNaN(index) || index >= 50)).toBe(true);
  expect([past.has('ffffffff51'), past.has('ffffffff49')]).toEqual([true, false]);
});

it('a bot whose journal a newer one has taken carries out nothing any more', async () => {
  const { live, fatal } = await journalFile();
  const old = await live();
  const { id, hash } = await old.desk.propose(proposal());
  const newer = await live();
  expect(await old.desk.claim(id, hash, ADA)).toMatchObject({ ok: false, why: 'taken' });
  expect(fatal).toHaveLength(1);
  expect(await newer.desk.claim(id, hash, ADA)).toMatchObject({ ok: true });
});
