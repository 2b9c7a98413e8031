import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Journal, JournalEvent } from '../../src/journal/journal.ts';
import { openSqliteJournal } from '../../src/journal/open-sqlite-journal.ts';
import { NOW } from './builders.ts';
import { createManualClock } from './manual-clock.ts';
import { createRecordedLog } from './recorded-log.ts';

/** A path in a directory of its own, which goes with the test. */
export function journalPath(name = 'breakwater.db'): string {
  const directory = mkdtempSync(join(tmpdir(), 'breakwater-journal-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, name);
}

/** An open journal, closed with the test; throws the reason when it does not open. */
export async function openJournal(path = journalPath(), log = createRecordedLog()): Promise<Journal> {
  const opened = await openSqliteJournal({ path, log, clock: createManualClock() });
  if (!opened.ok) throw new Error(opened.reason);
  onTestFinished(() => opened.journal.close());
  return opened.journal;
}

export function event(parts: Partial<JournalEvent> = {}): JournalEvent {
  return { type: 'alert.fired', version: 1, at: NOW, data: { key: 'connections-total' }, ...parts };
}

/** Events that differ in their data: `first`, `first + 1`, … */
export function numbered(count: number, first = 1): JournalEvent[] {
  return Array.from({ length: count }, (_, index) => event({ data: first + index }));
}
