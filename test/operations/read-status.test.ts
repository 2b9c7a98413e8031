import { describe, expect, it } from 'vitest';
import { createHistory } from '../../src/model/history.ts';
import { unseen } from '../../src/model/observed.ts';
import { createOperations } from '../../src/operations/create-operations.ts';
import type { WatchedDatabase } from '../../src/operations/read-status.ts';
import { group, NOW, snapshot } from '../support/builders.ts';
import { silentActions } from '../support/looking.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { NOTHING } from '../support/operations.ts';

function watched(name: string, sample: () => Promise<void> = async () => {}) {
  const asked: string[] = [];
  const database: WatchedDatabase = {
    name,
    applications: [],
    fireAt: () => 90,
    history: createHistory({ bucketMs: 1_000, spanMs: 600_000 }),
    actions: silentActions(),
    lastSample: () => unseen('not sampled yet', NOW),
    firing: () => [],
    silences: () => 0,
    place: () => null,
    watch: {
      latest: () => snapshot([group({ count: 7 })]),
      async sample() {
        asked.push('sample');
        await sample();
        return snapshot([]);
      },
      async probe() {
        asked.push('probe');
      },
      activity: () => unseen('not read yet', NOW),
      readActivity: async () => unseen('not read', NOW),
      sampleMs: () => null,
      stop: async () => {},
    },
  };
  return { database, asked };
}

describe('reading the status', () => {
  it('takes a fresh sample first and then tries a new connection', async () => {
    const { database, asked } = watched('main');
    await createOperations([database], NOTHING, createManualClock()).readStatus();
    expect(asked).toEqual(['sample', 'probe']);
  });

  it('shows what was last seen when the server is silent for longer than a person waits', async () => {
    const clock = createManualClock(NOW);
    const { database } = watched('main', () => new Promise(() => {}));
    const reading = createOperations([database], NOTHING, clock).readStatus('main');
    let report: Awaited<typeof reading> | null = null;
    void reading.then((read) => {
      report = read;
    });
    await clock.advance(1_499);
    expect(report).toBeNull();
    await clock.advance(1);
    await settle();
    expect(report).toMatchObject({ database: 'main', applications: [{ name: 'site', count: 7 }], fireAt: 90 });
  });

  it('forecasts from the history, and from the limits of the server', async () => {
    const clock = createManualClock(NOW);
    const { database } = watched('main');
    for (let at = NOW - 300_000; at <= NOW; at += 5_000) {
      database.history.record(at, new Map([['site', 70 + Math.round((at - NOW) / 10_000)]]));
    }
    const { forecast } = await createOperations([database], NOTHING, clock).readStatus('main');
    expect(forecast).toMatchObject({ kind: 'exhausts', perMinute: expect.closeTo(6, 0) });
  });

  it.each([
    [undefined, /Say which one: main, other/],
    ['nowhere', /No database is named nowhere. There is: main, other/],
  ])('refuses the name %s among several, and names the choices', async (name, expected) => {
    const operations = createOperations(
      [watched('main').database, watched('other').database],
      NOTHING,
      createManualClock(),
    );
    await expect(operations.readStatus(name)).rejects.toThrow(expected);
  });
});
