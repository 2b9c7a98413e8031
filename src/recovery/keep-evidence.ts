import type { JournalEvent, StoredEvent } from '../journal/journal.ts';
import type { StreamWriter } from '../journal/stream-writer.ts';
import type { Change } from '../model/cluster-changes.ts';
import type { Evidence, EvidenceFile } from '../model/evidence.ts';

export const EVIDENCE_STREAMS = 'evidence/';

/** Ten of them are one message, which Discord takes up to 8 MiB of; some thousands of lines of a log. */
const MOST_FILE_BYTES = 400_000;
/** Six messages. More than these no database of one workload has. */
const MOST_FILES = 60;

/** What is kept of a run: `files` of them; where it had been kept before, that. */
export type Kept =
  | (Extract<Change, { kind: 'done' }> & { readonly files: number; readonly gaps: readonly string[] })
  | Exclude<Change, { kind: 'done' }>;

/**
 * Keeps what a run captured in its stream `evidence/<runId>`, redacted as every stream is: once, in one write, so that
 * after a crash there is all of it or nothing, and a second capture appends nothing: what was true before anything was
 * touched stays. `at` in epoch milliseconds. Never throws.
 */
export async function keepEvidence(
  journal: Pick<StreamWriter, 'load' | 'write'>,
  evidence: Evidence,
  at: number,
): Promise<Kept> {
  try {
    const before = readEvidence(await journal.load());
    if (before !== null) return done(before);
    const kept = boundEvidence(evidence);
    const captured = { files: kept.files.length, gaps: kept.gaps };
    const written = await journal.write([
      event('captured', captured, at),
      ...kept.files.map((file) => event('file', file, at)),
    ]);
    if (written === 'durable') return done(kept);
    return {
      kind: 'unknown',
      reason: 'the journal does not answer: what was captured waits in memory, and would be lost with this process',
    };
  } catch (error) {
    return { kind: 'unknown', reason: `the evidence could not be kept: ${String(error)}` };
  }
}

/** What a stream `evidence/<runId>` holds: the first capture; null for none. Pure. */
export function readEvidence(stored: readonly StoredEvent[]): Evidence | null {
  const known = stored.filter(({ version }) => version === VERSION);
  const captured = known.find(({ type }) => type === 'captured');
  if (captured === undefined) return null;
  const { files, gaps } = captured.data as unknown as { readonly files: number; readonly gaps: readonly string[] };
  const texts = known.filter(({ type, seq }) => type === 'file' && seq > captured.seq).slice(0, files);
  return { files: texts.map(({ data }) => data as unknown as EvidenceFile), gaps };
}

/** At most 400 kB of a file: its beginning, and more of its end, whole lines, with a line between that says what is left out. Pure. */
export function cutFile(file: EvidenceFile): EvidenceFile {
  const bytes = Buffer.from(file.text);
  if (bytes.length <= MOST_FILE_BYTES) return file;
  const room = MOST_FILE_BYTES - LONGEST_NOTE;
  const head = wholeLines(bytes.subarray(0, room / 4).toString(), 'head');
  const tail = wholeLines(bytes.subarray(bytes.length - (3 * room) / 4).toString(), 'tail');
  const left = bytes.length - Buffer.byteLength(head) - Buffer.byteLength(tail);
  return { ...file, text: `${head}… ${left} of ${bytes.length} bytes are left out here …\n${tail}` };
}

const VERSION = 1;
const LONGEST_NOTE = 100;

function done({ files, gaps }: Evidence): Kept {
  return { kind: 'done', files: files.length, gaps };
}

function event(type: string, data: JournalEvent['data'], at: number): JournalEvent {
  return { type, version: VERSION, at: Math.round(at), data };
}

function boundEvidence({ files, gaps }: Evidence): Evidence {
  const left = files.slice(MOST_FILES).map(({ name }) => `${name}: more files than the ${MOST_FILES} that are kept`);
  return { files: files.slice(0, MOST_FILES).map(cutFile), gaps: [...gaps, ...left] };
}

/** A secret that lies across the cut would not be known by its half; where there is no line's end nothing is kept of it. */
function wholeLines(text: string, which: 'head' | 'tail'): string {
  return which === 'head'
    ? text.slice(0, text.lastIndexOf('\n') + 1)
    : text.slice(text.indexOf('\n') + 1 || text.length);
}
