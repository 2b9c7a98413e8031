import { expect, it } from 'vitest';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import { createEvidenceParts } from '../../src/kubernetes/evidence-parts.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const never = (): Promise<never> => new Promise(() => {});

function start(withinMs = 30_000) {
  const clock = createManualClock();
  return { clock, parts: createEvidenceParts(clock, createRecordedLog(), withinMs) };
}

it('ends when its time is over, whatever still goes on, and takes nothing after that', async () => {
  const { clock, parts } = start();
  const late = Promise.withResolvers<string>();
  const reading = parts.read('the late one', () => late.promise);
  const finished = parts.finish([reading, parts.read('the endless one', never)]);
  parts.keep('a.yaml', () => 'a');
  await clock.advance(30_000);
  const evidence = await finished;
  parts.keep('b.yaml', () => 'b');
  parts.miss('c');
  late.resolve('late');
  await reading;
  expect(evidence).toEqual({
    files: [{ name: 'a.yaml', text: 'a' }],
    gaps: ['the late one: not there after 30 s', 'the endless one: not there after 30 s'],
  });
});

it('leaves no timer behind when all has come', async () => {
  const { clock, parts } = start();
  await parts.finish([parts.read('one', async () => 1)]);
  expect(clock.sleeping()).toEqual([]);
});

it('notes what fails in words, and never throws', async () => {
  const { parts } = start();
  const broken = new TypeError('x is not a function');
  const fail = async (): Promise<never> => {
    throw broken;
  };
  expect(await parts.read('one', fail)).toBeNull();
  await parts.read('two', () => Promise.reject(new ApiError('forbidden', 'It may not.')));
  parts.keep('three', () => {
    throw broken;
  });
  expect(await parts.finish([fail()])).toEqual({
    files: [],
    gaps: [
      'one: what was answered cannot be read',
      'two: It may not.',
      'three: what was answered cannot be read',
      'the rest of a part: what was answered cannot be read',
    ],
  });
});

it('gives a file no name that leads elsewhere', async () => {
  const { parts } = start();
  for (const name of ['../../etc/passwd', '.bashrc', 'a b/c\u202e.log']) parts.keep(name, () => '');
  const { files } = await parts.finish([]);
  expect(files.map(({ name }) => name)).toEqual(['-..-etc-passwd', 'a-b-c-.log', 'bashrc']);
});
