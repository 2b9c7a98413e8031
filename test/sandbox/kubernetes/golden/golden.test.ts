import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVIATING, UNSUPPORTED } from './expectations.ts';
import { isRecorded, readRecording } from './recording.ts';
import { type Replayed, replay } from './replay.ts';
import { createReplayWorld, type ReplayWorld } from './replay-world.ts';

const present = isRecorded();
if (!present) console.log('skipped: the recorded Kubernetes exchanges are missing (../shared/data/kubernetes/golden)');

describe.skipIf(!present)('the exchanges recorded from a real API server', () => {
  let world: ReplayWorld;
  let results: readonly Replayed[];

  beforeAll(async () => {
    world = await createReplayWorld();
    results = await replay(world, await readRecording());
    console.info(tell(results));
  });
  afterAll(() => world.server.close());

  it('are all replayed', () => {
    expect(results.length).toBeGreaterThan(0);
    const known = new Set(results.map(({ exchange }) => exchange.id));
    expect([...Object.keys(DEVIATING), ...Object.keys(UNSUPPORTED)].filter((id) => !known.has(id))).toEqual([]);
  });

  it('are answered as they were, all but the listed ones', () => {
    const odd = results.filter(({ exchange: { id }, differences }) => differences.length > 0 && !isListed(id));
    expect(odd.map(describeOne)).toEqual([]);
  });

  it('differ, where they are listed, as the list says', () => {
    const listed = results.filter(({ exchange }) => exchange.id in DEVIATING);
    const found = listed.map(({ exchange: { id }, differences }) => [id, placesOf(differences)]);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.entries(DEVIATING).map(([id, { differs }]) => [id, differs])),
    );
  });

  it('do not match by now where they are listed as unsupported', () => {
    const mended = results.filter(({ exchange: { id }, differences }) => id in UNSUPPORTED && differences.length === 0);
    expect(mended.map(({ exchange }) => exchange.name)).toEqual([]);
  });
});

function isListed(id: string): boolean {
  return id in DEVIATING || id in UNSUPPORTED;
}

/** Each place once, whatever its number in a list. */
function placesOf(differences: readonly string[]): readonly string[] {
  const places = differences.map((one) => (one.split(': ')[0] ?? '').replace(/\[\d+\]/g, '[]'));
  return [...new Set(places)];
}

function describeOne({ exchange, differences }: Replayed): string {
  return [exchange.name, ...differences].join('\n  ');
}

function tell(results: readonly Replayed[]): string {
  const matched = results.filter(({ differences }) => differences.length === 0);
  const prepared = matched.filter(({ setUp }) => setUp > 0);
  const lines = results.flatMap(({ exchange: { id, name }, differences }) => {
    if (id in UNSUPPORTED) return [`  unsupported  ${name}: ${UNSUPPORTED[id] ?? ''}`];
    return differences.length === 0 ? [] : [`  deviating    ${name}: ${DEVIATING[id]?.why ?? 'not listed'}`];
  });
  const unsupported = Object.keys(UNSUPPORTED).length;
  return [
    `golden: ${matched.length} matched (${prepared.length} of them after state was set up from the recording), ` +
      `${results.length - matched.length - unsupported} deviating, ${unsupported} unsupported`,
    ...lines,
  ].join('\n');
}
