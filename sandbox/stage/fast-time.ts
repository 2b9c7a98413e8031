/**
 * Makes time run faster in the process that preloads this (`node --import`): FAST_TIME_SCALE times, since FAST_TIME_FROM
 * (epoch milliseconds). The program itself stays as it is. Clocks and timers that JavaScript can reach run fast; what
 * the kernel, a socket's own timeout or another process measures stays real. A fast timer is never finer than 1 ms.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';

const scale = readNumber('FAST_TIME_SCALE');
const from = readNumber('FAST_TIME_FROM');

quickenDate();
quickenPerformance();
quickenTimers();
quickenAbort();
// What was written to the default exports is carried over to the named ones, and so to every import.
syncBuiltinESMExports();

function quickenDate(): void {
  const RealDate = Date;
  const now = (): number => Math.floor(from + (RealDate.now() - from) * scale);
  const FastDate = new Proxy(RealDate, {
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: FastDate });
  Object.defineProperty(globalThis, 'Date', { value: FastDate });
}

function quickenPerformance(): void {
  const realNow = performance.now.bind(performance);
  const timeOrigin = from + (performance.timeOrigin - from) * scale;
  Object.defineProperties(performance, { now: { value: () => realNow() * scale }, timeOrigin: { value: timeOrigin } });
}

function quickenTimers(): void {
  const sleep = sooner(timersPromises.setTimeout, 0);
  const quick = { setTimeout: sooner(timers.setTimeout, 1), setInterval: sooner(timers.setInterval, 1) };
  Object.defineProperty(quick.setTimeout, promisify.custom, { value: sleep });
  Object.assign(globalThis, quick);
  Object.assign(timers, quick);
  Object.assign(timersPromises, { setTimeout: sleep, setInterval: sooner(timersPromises.setInterval, 0) });
  const { scheduler } = timersPromises;
  Object.defineProperty(scheduler, 'wait', { value: sooner(scheduler.wait.bind(scheduler), 0) });
}

function quickenAbort(): void {
  Object.defineProperty(AbortSignal, 'timeout', {
    value: sooner(AbortSignal.timeout.bind(AbortSignal), 0, Math.round),
  });
}

/** The same function with its milliseconds, the argument at `place`, made shorter; without them it is left alone. */
function sooner<F extends (...args: never[]) => unknown>(real: F, place: number, round = (ms: number) => ms): F {
  const call = real as unknown as (...args: unknown[]) => unknown;
  const fast = (...args: unknown[]): unknown => {
    const ms = args[place];
    return call(...(ms === undefined ? args : args.with(place, round(Number(ms) / scale))));
  };
  return fast as unknown as F;
}

function readNumber(name: string): number {
  const value = Number(process.env[name]);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0, not ${JSON.stringify(process.env[name])}`);
  return value;
}
