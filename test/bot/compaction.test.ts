import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventOf, foldAlerts } from '../../src/alerts/alert-log.ts';
import { openStreams } from '../../src/bot-journal.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { alert, NOW } from '../support/builders.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { defer, endAfterEach } from './world.ts';

endAfterEach();

it('a stream of alerts that has grown long is folded at the next start to what still matters', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'breakwater-compaction-'));
  defer(() => rm(directory, { recursive: true, force: true }));
  const log = createRecordedLog();
  const open = () =>
    openStreams({
      journal: { kind: 'sqlite', path: join(directory, 'journal.db') },
      clock: systemClock,
      log,
      redactor: createRedactor([]),
      onFatal: () => {},
    });
  const first = await open();
  const firing = { kind: 'changed', alert: alert() } as const;
  await first.alerts.write(Array.from({ length: 20_001 }, () => eventOf(firing, NOW)));
  await first.close();
  const second = await open();
  expect(second.past.alerts.length).toBe(20_001);
  await second.close();
  const third = await open();
  expect(third.past.alerts.length).toBe(1);
  expect([...foldAlerts(third.past.alerts).living.values()]).toEqual([alert()]);
  await third.close();
});
