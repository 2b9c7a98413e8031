// A process of its own that appends one to three numbered events at a time to the journal at argv[2], and prints the
// sequence of each append once it is acknowledged, until it is killed.
import { writeSync } from 'node:fs';
import { openSqliteJournal } from '../../src/journal/open-sqlite-journal.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const clock = { now: () => 0, sleep: async () => {} };
const opened = await openSqliteJournal({ path: process.argv[2] ?? '', log: quiet, clock });
if (!opened.ok) throw new Error(opened.reason);
const { journal } = opened;
const read = await journal.read('alerts');
if (!read.ok) throw new Error(read.reason);

let seq = read.events.at(-1)?.seq ?? 0;
for (;;) {
  const count = 1 + (seq % 3);
  const events = Array.from({ length: count }, (_, index) => ({
    type: 'alert.fired',
    version: 1,
    at: 0,
    data: [seq + 1 + index, 'x'.repeat(500)],
  }));
  const appended = await journal.append('alerts', seq, journal.epoch, events);
  if (!appended.ok) throw new Error(JSON.stringify(appended));
  seq = appended.seq;
  // Written at once: what waits in a stream would be lost with the process, and prove nothing.
  writeSync(1, `${seq}\n`);
}
