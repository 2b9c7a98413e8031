import { expect, it } from 'vitest';
import { createNamedWriters } from '../../src/journal/named-writers.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { cutFile, keepEvidence, readEvidence } from '../../src/recovery/keep-evidence.ts';
import { NOW } from '../support/builders.ts';
import { createFakeJournal } from '../support/fake-journal.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const STREAM = 'evidence/0123456789';
const file = (name: string, text = name) => ({ name, text });
const EVIDENCE: Evidence = { files: [file('a.yaml'), file('b.log')], gaps: ['previous logs: there are none'] };

function setUp() {
  const journal = createFakeJournal();
  const live = () => {
    const writers = createNamedWriters({
      journal,
      clock: createManualClock(),
      log: createRecordedLog(),
      redactor: createRedactor(['hunter22']),
      onFenced: () => {},
    });
    return writers.open(STREAM);
  };
  return { journal, live, kept: () => readEvidence(journal.stored(STREAM)) };
}

it('keeps what was captured, one event for each file', async () => {
  const { journal, live, kept } = setUp();
  expect(await keepEvidence(live(), EVIDENCE, NOW)).toEqual({ kind: 'done', files: 2, gaps: EVIDENCE.gaps });
  expect(journal.stored(STREAM).map(({ type }) => type)).toEqual(['captured', 'file', 'file']);
  expect(kept()).toEqual(EVIDENCE);
});

it('keeps it once: a second capture, of the next life too, appends nothing and is told of the first', async () => {
  const { journal, live, kept } = setUp();
  await keepEvidence(live(), EVIDENCE, NOW);
  const second = await keepEvidence(live(), { files: [file('other')], gaps: [] }, NOW + 1);
  expect(second).toEqual({ kind: 'done', files: 2, gaps: EVIDENCE.gaps });
  expect(journal.stored(STREAM)).toHaveLength(3);
  expect(kept()).toEqual(EVIDENCE);
});

it('has all of it or nothing after a crash, as it is one write', async () => {
  const { journal, live } = setUp();
  await keepEvidence(live(), EVIDENCE, NOW);
  expect(journal.appends).toBe(1);
});

it('keeps no secret', async () => {
  const { live, kept } = setUp();
  await keepEvidence(live(), { files: [file('a.log', 'password=hunter22')], gaps: ['hunter22: 403'] }, NOW);
  expect(JSON.stringify(kept())).not.toContain('hunter22');
});

it.each(['lost', 'uncertain'] as const)(
  'says that it is not known to be kept where the journal is away (%s)',
  async (fate) => {
    const { journal, live } = setUp();
    journal.fate = () => fate;
    expect(await keepEvidence(live(), EVIDENCE, NOW)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('journal'),
    });
  },
);

it('writes nothing where it cannot tell what is there', async () => {
  const { journal, live } = setUp();
  journal.unreadable = () => 'disk I/O error';
  expect(await keepEvidence(live(), EVIDENCE, NOW)).toMatchObject({ kind: 'unknown' });
  expect(journal.appends).toBe(0);
});

it('lists the files that are too many', async () => {
  const { live } = setUp();
  const files = Array.from({ length: 62 }, (_, n) => file(`f${n}`));
  const kept = await keepEvidence(live(), { files, gaps: [] }, NOW);
  expect(kept).toMatchObject({ files: 60, gaps: [expect.stringContaining('f60'), expect.stringContaining('f61')] });
});

it('cuts a long file at whole lines, and says so in a line', () => {
  const lines = Array.from({ length: 60_000 }, (_, n) => `line ${n} é`).join('\n');
  const { text } = cutFile(file('x.log', lines));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(400_000);
  const shown = text.split('\n');
  const note = shown.findIndex((line) => line.startsWith('…'));
  expect(shown[note]).toMatch(/^… \d+ of \d+ bytes are left out here …$/);
  expect(shown[0]).toBe('line 0 é');
  expect(shown.at(-1)).toBe('line 59999 é');
  for (const line of shown.toSpliced(note, 1)) expect(line).toMatch(/^line \d+ é$/);
  expect(cutFile({ name: 'x.log', text })).toEqual({ name: 'x.log', text });
});

it('keeps nothing of one line that is too long: a secret might lie across the cut', () => {
  const { text } = cutFile(file('x.json', 'x'.repeat(500_000)));
  expect(text).toBe('… 500000 of 500000 bytes are left out here …\n');
});
