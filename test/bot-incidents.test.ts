import { expect, it } from 'vitest';
import { type IncidentBook, startIncidents } from '../src/bot-incidents.ts';
import type { ChannelActs } from '../src/delivery/channel-acts.ts';
import type { ActEvent } from '../src/delivery/letter-content.ts';
import type { Incident } from '../src/incidents/incident.ts';
import type { Json } from '../src/journal/journal.ts';
import { startOutbox } from './delivery/start-outbox.ts';
import { configOf, MINIMAL } from './support/config.ts';
import { createManualClock } from './support/manual-clock.ts';
import { createRecordedLog } from './support/recorded-log.ts';

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
