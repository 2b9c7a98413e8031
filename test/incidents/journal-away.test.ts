import { describe, expect, it } from 'vitest';
import { foldIncident } from '../../src/incidents/fold-incident.ts';
import { createIncidentDesk } from '../../src/incidents/incident-desk.ts';
import { readTimeline } from '../../src/incidents/incident-log.ts';
import { loadIncidents } from '../../src/incidents/load-incidents.ts';
import { createStreamWriter } from '../../src/journal/stream-writer.ts';
import { NOW } from '../support/builders.ts';
import { createFakeJournal } from '../support/fake-journal.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { fired } from './builders.ts';

const ID = '20201211-1324';

describe('while the journal is away', () => {
  it('incidents go on in memory, are told, and are written down whole once it is back', async () => {
    const journal = createFakeJournal();
    const log = createRecordedLog();
    const clock = createManualClock(NOW);
    journal.unreadable = () => 'the disk is gone';
    journal.fate = () => 'lost';
    const told: number[] = [];
    const desk = createIncidentDesk({
      databases: ['main'],
      alerts: { firing: () => [], over: () => [] },
      readHolders: () => null,
      past: await loadIncidents(journal, log),
      openStream: (stream) => createStreamWriter({ journal, stream, clock, log, onFenced: () => {} }),
      onChange: async (_, events) => void told.push(events.length),
      log,
    });
    desk.take([{ kind: 'fired', alert: fired('total') }], NOW);
    await desk.settled();
    const { incident } = await desk.note(ID, 'looking', '42', NOW);
    expect([incident.events.length, told]).toEqual([3, [2, 1]]);
    expect(journal.stored(`incidents/${ID}`)).toEqual([]);
    journal.unreadable = () => null;
    journal.fate = () => 'stored';
    await clock.advance(60_000);
    expect(foldIncident(ID, readTimeline(journal.stored(`incidents/${ID}`)))).toEqual(incident);
  });
});
