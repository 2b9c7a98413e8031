import { expect, it } from 'vitest';
import { type IncidentBook, startIncidents } from '../src/bot-incidents.ts';
import type { ChannelActs } from '../src/delivery/channel-acts.ts';
import type { ActEvent } from '../src/delivery/letter-content.ts';
import type { Incident } from '../src/incidents/incident.ts';
import type { Json } from '../src/journal/journal.ts';
import { startOutbox } from './delivery/start-outbox.ts';
import { NOW } from './support/builders.ts';
import { configOf, MINIMAL } from './support/config.ts';
import { createManualClock } from './support/manual-clock.ts';
import { createRecordedLog } from './support/recorded-log.ts';
import { runOf, viewOf } from './support/recovery-builders.ts';

const act: ActEvent = {
  at: 1,
  by: '7',
  fact: { type: 'act', act: 'kill-stale', database: 'main', stage: 'done', confirmation: 'c', summary: 's' },
};
const OPEN = { id: '20201211-1324' } as Incident;
const NO_ACTS: ChannelActs = {
  startThread: async () => ({ kind: 'refused', reason: 'none' }),
  pin: async () => ({ kind: 'refused', reason: 'none' }),
  unpin: async () => ({ kind: 'refused', reason: 'none' }),
};

async function setUp(channels: string, open: Incident | null, recordAct: IncidentBook['recordAct'] = async () => {}) {
  const { outbox } = await startOutbox();
  const incidents = startIncidents({
    config: configOf(MINIMAL.replace(/channels: .*/, channels)),
    outbox,
    book: { openOn: () => open, recordAct, record: () => {} },
    acts: NO_ACTS,
    clock: createManualClock(),
    log: createRecordedLog(),
  });
  const acts = () => outbox.open().filter((id) => id.startsWith('act.'));
  return { incidents, acts, outbox };
}

const ONE = 'channels: { alerts: "100000000000000003" }';
const TWO = 'channels: { alerts: "100000000000000003", audit: "100000000000000004" }';

it.each([
  [ONE, OPEN, 0],
  [ONE, null, 1],
  [TWO, OPEN, 1],
  [TWO, null, 1],
] as const)(
  'with %s and the incident %o, tells what came of an act in %i letter of its own',
  async (channels, open, told) => {
    const { incidents, acts } = await setUp(channels, open);
    await incidents.record(act);
    expect(acts().length).toBe(told);
  },
);

it('puts an act into the outbox before the incident has it, whose journal may be away', async () => {
  const { incidents, acts } = await setUp(TWO, OPEN, () => new Promise(() => {}));
  void incidents.record(act);
  expect(acts().length).toBe(1);
});

it('tells in the alert channel what the audit channel gave back', async () => {
  const { incidents, acts } = await setUp(TWO, OPEN);
  const content = { act, instead: null, mark: 'act.1' } as unknown as Json;
  incidents.givenUp({ id: 'act.1', channel: '100000000000000004', content, reason: '403' });
  expect(acts()).toEqual(['act.1.here']);
});

it('puts new faults that the audit channel does not take into the alert channel', async () => {
  const { incidents, outbox } = await setUp(TWO, null);
  const content: Json = { check: [], instead: null, mark: 'check.0.a', at: 1 };
  incidents.givenUp({ id: 'check.0.a', channel: '100000000000000004', content, reason: 'Missing Access' });
  expect(outbox.open()).toEqual(['check.0.a.here']);
});

it('tells where a run’s message stands, also to who asks only afterwards', async () => {
  const { incidents } = await setUp(ONE, null);
  const places: unknown[] = [];
  incidents.recoveries.interrupted(viewOf(runOf({ stops: 1 })), 'thread');
  incidents.posted('recovery.0123456789.1', 'm1');
  incidents.whenRunPosted((place) => places.push(place));
  expect(places).toEqual([{ runId: '0123456789', channelId: 'thread', messageId: 'm1' }]);
  incidents.posted('act.1', 'm2');
  incidents.posted('recovery.0123456789.1', 'm3');
  expect(places).toHaveLength(2);
});

it('puts what a recovery’s thread does not take into the alert channel', async () => {
  const { incidents, outbox } = await setUp(ONE, null);
  incidents.recoveries.evidence(runOf(), 1, [], 'thread', NOW);
  const [id = ''] = outbox.open();
  incidents.givenUp({ id, channel: 'thread', content: outbox.contentOf(id), reason: 'Unknown Channel' });
  expect(outbox.open()).toEqual([id, `${id}.here`]);
});
