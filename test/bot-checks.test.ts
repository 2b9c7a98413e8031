import { expect, it } from 'vitest';
import { startChecks } from '../src/bot-checks.ts';
import { createStreamWriter } from '../src/journal/stream-writer.ts';
import type { CheckFinding } from '../src/model/check-finding.ts';
import { createFakeJournal } from './support/fake-journal.ts';
import { createManualClock } from './support/manual-clock.ts';
import { createRecordedLog } from './support/recorded-log.ts';

const finding = (id: string, level: CheckFinding['level'] = 'fault'): CheckFinding => {
  return { id, level, area: 'discord', subject: 'it', what: 'is so', why: 'It hurts.', mend: 'Mend it.' };
};

/** One journal, and as many lives of the bot as a test wants. */
function createLives() {
  const journal = createFakeJournal();
  const clock = createManualClock();
  const log = createRecordedLog();
  const told: { readonly faults: readonly string[]; readonly mark: string }[] = [];
  return {
    journal,
    told,
    log,
    faults: () => told.map(({ faults }) => faults),
    async live(examine: () => Promise<readonly CheckFinding[]>, forMs = 60_000) {
      const writer = createStreamWriter({ journal, stream: 'checks', clock, log, onFenced() {} });
      const checking = startChecks({
        examine,
        teller: { tell: (faults, mark) => void told.push({ faults: faults.map(({ id }) => id), mark }) },
        streams: { open: () => writer },
        clock,
        log,
      });
      await clock.advance(forMs);
      await checking.stop();
      await writer.stop();
    },
  };
}

const found =
  (...findings: readonly CheckFinding[]) =>
  async () =>
    findings;

it('tells the faults of the first look, once for all of them, and warnings never', async () => {
  const lives = createLives();
  await lives.live(found(finding('a'), finding('b'), finding('c', 'warning')));
  expect(lives.faults()).toEqual([['a', 'b']]);
});

it('tells nothing again at a restart while nothing changed, and only what is new afterwards', async () => {
  const lives = createLives();
  await lives.live(found(finding('a')));
  await lives.live(found(finding('a')));
  expect(lives.journal.stored('checks')).toHaveLength(1);
  await lives.live(found(finding('a'), finding('b')));
  expect(lives.faults()).toEqual([['a'], ['b']]);
});

it('tells a fault that was mended and came back, in a message of its own', async () => {
  const lives = createLives();
  await lives.live(found(finding('a')));
  await lives.live(found(finding('a', 'ok')));
  await lives.live(found(finding('a')));
  expect(lives.faults()).toEqual([['a'], ['a']]);
  expect(new Set(lives.told.map(({ mark }) => mark)).size).toBe(2);
});

it('does not take a fault that cannot be looked at for mended', async () => {
  const lives = createLives();
  await lives.live(found(finding('a')));
  await lives.live(found(finding('a', 'unknown')));
  await lives.live(found(finding('a')));
  expect(lives.faults()).toEqual([['a']]);
});

it('leaves what is away to the alerts that tell of it', async () => {
  const lives = createLives();
  await lives.live(found(finding('postgres-reach'), finding('discord-reach'), finding('kubernetes-reach')));
  expect([lives.faults(), lives.journal.stored('checks')]).toEqual([[], []]);
});

it('is the same message where the bot died before it had written down that it told', async () => {
  const lives = createLives();
  lives.journal.fate = () => 'lost';
  await lives.live(found(finding('a')));
  lives.journal.fate = () => 'stored';
  await lives.live(found(finding('a')));
  const [first, second] = lives.told;
  expect(first?.mark).toBe(second?.mark);
  expect(first?.mark.length).toBeLessThanOrEqual(50);
});

it('looks at nothing when the bot ends before', async () => {
  const lives = createLives();
  let looks = 0;
  await lives.live(async () => {
    looks += 1;
    return [];
  }, 59_999);
  expect(looks).toBe(0);
});

it('says a fault of its own in the log, and lets the bot go on', async () => {
  const lives = createLives();
  await lives.live(() => Promise.reject(new Error('a faulty check')));
  expect(lives.log.text()).toContain('a fault of ours in checking');
});

it('tells twice rather than never where the journal cannot be read', async () => {
  const lives = createLives();
  await lives.live(found(finding('a')));
  lives.journal.unreadable = () => 'the disk is gone';
  await lives.live(found(finding('a')));
  expect(lives.faults()).toEqual([['a'], ['a']]);
});
