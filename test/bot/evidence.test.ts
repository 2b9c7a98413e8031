import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStreams } from '../../src/bot-journal.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { keepEvidence } from '../../src/recovery/keep-evidence.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { NOW } from '../support/builders.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { defer, endAfterEach } from './world.ts';

endAfterEach();

it('what was captured of a run outlives the bot, without its secrets', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'breakwater-evidence-'));
  defer(() => rm(directory, { recursive: true, force: true }));
  const live = () =>
    openStreams({
      journal: { kind: 'sqlite', path: join(directory, 'journal.db') },
      clock: systemClock,
      log: createRecordedLog(),
      redactor: createRedactor(['hunter22']),
      onFatal: () => {},
    });
  const first = await live();
  const files = Array.from({ length: 12 }, (_, n) => ({ name: `${n}.log`, text: `hunter22 ${n}\n`.repeat(4_000) }));
  const kept = await keepEvidence(first.open('evidence/0123456789'), { files, gaps: ['events: 403'] }, NOW);
  expect(kept).toEqual({ kind: 'done', files: 12, gaps: ['events: 403'] });
  await first.close();

  const second = await live();
  defer(() => second.close());
  const evidence = await second.readEvidence('0123456789');
  expect(evidence?.files.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
  expect(JSON.stringify(evidence)).not.toContain('hunter22');
  expect(evidence?.gaps).toEqual(['events: 403']);
  expect(await second.readEvidence('ffffffffff')).toBe(null);
});
