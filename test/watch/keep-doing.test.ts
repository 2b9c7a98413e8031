import { expect, it } from 'vitest';
import { keepDoing } from '../../src/watch/keep-doing.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';

function repeat(restMs: () => number = () => 1_000, tookMs = 0) {
  const clock = createManualClock(0);
  const begun: number[] = [];
  let atOnce = 0;
  const repeated = keepDoing(clock, {
    act: async () => {
      atOnce += 1;
      begun.push(clock.now());
      expect(atOnce).toBe(1);
      if (tookMs > 0) await clock.sleep(tookMs);
      atOnce -= 1;
    },
    restMs,
  });
  return { clock, begun, repeated };
}

it('begins at once and rests between two', async () => {
  const { clock, begun, repeated } = repeat(undefined, 100);
  await clock.advance(2_500);
  expect(begun).toEqual([0, 1_100, 2_200]);
  await repeated.stop();
});

it('does it at once on demand', async () => {
  const { clock, begun, repeated } = repeat();
  await clock.advance(300);
  repeated.demand();
  await clock.advance(1_100);
  expect(begun).toEqual([0, 300, 1_300]);
  await repeated.stop();
});

it('does it once more when the demand comes while it is under way', async () => {
  const { clock, begun, repeated } = repeat(undefined, 100);
  await clock.advance(50);
  repeated.demand();
  await clock.advance(100);
  expect(begun).toEqual([0, 100]);
  await clock.advance(100);
  await repeated.stop();
});

it('never does it twice at once, however many ask', async () => {
  const { clock, begun, repeated } = repeat(undefined, 100);
  await clock.advance(500);
  const all = Promise.all([repeated.now(), repeated.now(), repeated.now()]);
  await clock.advance(100);
  await all;
  expect(begun).toEqual([0, 500]);
  await repeated.stop();
});

it('rests anew after one that somebody asked for', async () => {
  const { clock, begun, repeated } = repeat();
  await clock.advance(900);
  await repeated.now();
  await clock.advance(999);
  expect(begun).toEqual([0, 900]);
  await repeated.stop();
});

it('takes a shorter rest as soon as it is told of it, counted from the last one', async () => {
  let restMs = 10_000;
  const { clock, begun, repeated } = repeat(() => restMs);
  await clock.advance(1_500);
  restMs = 2_000;
  repeated.reconsider();
  await clock.advance(1_000);
  expect(begun).toEqual([0, 2_000]);
  restMs = 1_000_000;
  repeated.reconsider();
  await clock.advance(20_000);
  expect(begun).toEqual([0, 2_000]);
  await repeated.stop();
});

it('is not stopped for an hour by a clock that was set back an hour', async () => {
  const clock = createManualClock();
  let setBackMs = 0;
  let count = 0;
  const moved = { ...clock, now: () => clock.now() - setBackMs };
  const repeated = keepDoing(moved, { act: async () => void (count += 1), restMs: () => 1_000 });
  await clock.advance(500);
  setBackMs = 3_600_000;
  await clock.advance(3_000);
  expect(count).toBeGreaterThanOrEqual(3);
  await repeated.stop();
});

it('stops when the one under way is done, and begins no other', async () => {
  const { clock, begun, repeated } = repeat(undefined, 100);
  await clock.advance(50);
  repeated.demand();
  let stopped = false;
  const stopping = repeated.stop().then(() => {
    stopped = true;
  });
  await settle();
  expect(stopped).toBe(false);
  await clock.advance(50);
  await stopping;
  await clock.advance(10_000);
  expect(begun).toEqual([0]);
  expect(clock.sleeping()).toEqual([]);
});

it('begins no other though there was news in the moment before it was stopped', async () => {
  const { clock, begun, repeated } = repeat();
  await clock.advance(50);
  repeated.demand();
  await repeated.stop();
  expect(begun).toEqual([0]);
});
