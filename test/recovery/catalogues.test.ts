import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadSteps } from '../../src/recovery/step-catalogue.ts';
import { findComposeFaults, loadStrategies } from '../../src/recovery/strategy-catalogue.ts';

async function directoryOf(files: Readonly<Record<string, string>>): Promise<URL> {
  const directory = await mkdtemp(join(tmpdir(), 'catalogue-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return pathToFileURL(`${directory}/`);
}

const STEP = `kind: 'good', summary: 's', params: { safeParse() {} }, deadlineMs: 1, skip: null,
  title() {}, manual() {}, check() {}, act() {}, verify() {}`;
const STRATEGY = `name: 'restart', rung: 4, summary: 's', impact: 'i', approval: 'second', plan() {}, outline() {}`;

describe('the catalogue of steps', () => {
  it('has the steps of a restart, each with words for its title and for every command by hand', async () => {
    const steps = await loadSteps();
    expect([...steps.keys()]).toEqual(
      expect.arrayContaining([
        'capture-evidence',
        'check-backup',
        'hold-client',
        'pause-pooler',
        'stop-server',
        'prove-stopped',
        'start-server',
        'await-admission',
        'probe-write',
        'release-client',
        'resume-pooler',
        'check-workloads',
      ]),
    );
  });

  it.each<[string, string, RegExp]>([
    ['no default export', 'export const x = 1;', /has no default export/],
    ['another kind', `export default { ${STEP.replace('good', 'other')} };`, /its kind is "other"/],
    ['no summary', `export default { ${STEP.replace("summary: 's'", "summary: ''")} };`, /lacks its summary/],
    ['no schema', `export default { ${STEP.replace('params', 'parameters')} };`, /no schema/],
    ['no deadline', `export default { ${STEP.replace('deadlineMs: 1', 'deadlineMs: Infinity')} };`, /no deadline/],
    ['no word about skipping', `export default { ${STEP.replace('skip: null,', '')} };`, /may be skipped/],
    ['no verify', `export default { ${STEP.replace(', verify() {}', '')} };`, /has no verify\(\)/],
    ['half an undo', `export default { ${STEP}, undo: { title() {} } };`, /its undo has no manual\(\)/],
    ['a hold that nothing releases', `export default { ${STEP}, holdsClients: true };`, /nothing could release them/],
    ['a syntax error', 'export default {', /good\.ts/],
  ])('names a file with %s', async (_, text, fault) => {
    await expect(loadSteps(await directoryOf({ 'good.ts': text }))).rejects.toThrow(fault);
  });

  it('names every fault at once', async () => {
    const directory = await directoryOf({ 'a.ts': 'export const x = 1;', 'b.ts': `export default { ${STEP} };` });
    await expect(loadSteps(directory)).rejects.toThrow(/a\.ts: has no default export[\s\S]*b\.ts: its kind/);
  });
});

describe('the catalogue of strategies', () => {
  it('has restart as the fourth rung', async () => {
    expect(await loadStrategies()).toContainEqual(
      expect.objectContaining({ name: 'restart', rung: 4, approval: 'second' }),
    );
  });

  it.each<[string, string, RegExp]>([
    ['another name', STRATEGY.replace('restart', 'remount'), /its name is "remount"/],
    ['another rung', STRATEGY.replace('rung: 4', 'rung: 1'), /its rung is 1, on the ladder it is 4/],
    ['no impact', STRATEGY.replace("impact: 'i'", "impact: ''"), /its impact/],
    ['nobody to approve it', STRATEGY.replace('second', 'nobody'), /who approves/],
    ['no plan', STRATEGY.replace(' plan() {},', ''), /no plan\(\)/],
    ['no outline', STRATEGY.replace(' outline() {}', ''), /no outline\(\)/],
  ])('names a file with %s', async (_, text, fault) => {
    await expect(loadStrategies(await directoryOf({ 'restart.ts': `export default { ${text} };` }))).rejects.toThrow(
      fault,
    );
  });

  it('finds a step that no file carries out, params that it does not take, and an id that is there twice', async () => {
    const catalogue = await loadSteps();
    const faults = findComposeFaults(
      [
        { id: 'x', kind: 'no-such', params: null },
        { id: 'y', kind: 'hold-client', params: { workload: 'site' } },
        { id: 'y', kind: 'hold-client', params: { workload: 'default/deployment/site' } },
      ],
      catalogue,
    );
    expect(faults).toEqual(['x: there is no step no-such', 'y: is no namespace/kind/name', 'y: is there twice']);
  });
});
