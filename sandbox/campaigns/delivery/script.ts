import type { Fault } from '../../discord/faults.ts';
import type { Random } from './random.ts';

/** What one schedule does, `at` milliseconds after its begin. */
export type Step = { readonly at: number } & (
  | {
      readonly kind: 'fire';
      readonly alert: string;
      readonly critical: boolean;
      readonly elsewhere: boolean;
      readonly chart: boolean;
    }
  | { readonly kind: 'change' | 'acknowledge' | 'resolve'; readonly alert: string }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly forMs: number }
  /** Kill -9, and a new process after a while. */
  | { readonly kind: 'restart'; readonly downMs: number }
);

const POSTS = { method: 'POST', route: '/channels/{channel_id}/messages' } as const;
const EDITS = { method: 'PATCH', route: '/channels/{channel_id}/messages/{message_id}' } as const;
const READS = { method: 'GET', route: '/channels/{channel_id}/messages' } as const;

/** A schedule of alerts, faults and restarts; one in six has an outage longer than a nonce is trusted. */
export function writeScript(random: Random): readonly Step[] {
  const long = random.chance(1 / 6);
  const lengthMs = long ? 1_800 : 700;
  return [
    ...writeAlerts(random, lengthMs),
    ...Array.from({ length: random.int(0, 5) }, () => writeFault(random, lengthMs)),
    ...Array.from({ length: random.int(0, 3) }, (): Step => {
      return { at: random.int(0, lengthMs), kind: 'restart', downMs: random.chance(0.5) ? 0 : random.int(0, 300) };
    }),
    ...(long ? [writeOutage(random)] : []),
  ].sort((a, b) => a.at - b.at);
}

function writeAlerts(random: Random, lengthMs: number): Step[] {
  const burst = random.chance(0.25) ? random.int(11, 16) : 0;
  const burstAt = random.int(0, lengthMs / 2);
  const count = burst + random.int(1, 6);
  return Array.from({ length: count }, (_, index) => {
    const inBurst = index < burst;
    const at = inBurst ? burstAt + random.int(0, 3) : random.int(0, lengthMs * 0.8);
    const alert = random.int(0, 0xffff_ffff).toString(16).padStart(8, '0');
    const critical = !inBurst && random.chance(0.5);
    return writeAlert(random, { at, alert, critical, elsewhere: !critical && random.chance(0.4), lengthMs });
  }).flat();
}

function writeAlert(
  random: Random,
  {
    at,
    alert,
    critical,
    elsewhere,
    lengthMs,
  }: { at: number; alert: string; critical: boolean; elsewhere: boolean; lengthMs: number },
): Step[] {
  const steps: Step[] = [{ at, kind: 'fire', alert, critical, elsewhere, chart: random.chance(0.2) }];
  let time = at;
  for (let changes = random.int(0, 4); changes > 0; changes -= 1) {
    time += random.int(0, random.pick([15, 40, 150]));
    steps.push({ at: time, kind: random.chance(0.8) ? 'change' : 'acknowledge', alert });
  }
  if (random.chance(0.7)) steps.push({ at: Math.min(lengthMs, time + random.int(0, 350)), kind: 'resolve', alert });
  return steps;
}

function writeFault(random: Random, lengthMs: number): Step {
  const match = random.pick([POSTS, EDITS, READS, {}, {}, POSTS]);
  const times = random.chance(0.5) ? { times: random.int(1, 4) } : {};
  const on = { ...match, ...times };
  const fault = random.pick<Fault>([
    { kind: 'fail-before', status: random.pick([500, 502, 503]), ...on },
    { kind: 'fail-after', ...on },
    // What is stored and not acknowledged is the hardest: more of it.
    { kind: 'fail-after', ...POSTS, ...times },
    { kind: 'fail-after', ...POSTS, ...times },
    { kind: 'drop', when: 'after', ...POSTS, ...times },
    { kind: 'slow', ms: random.int(120, 300), ...POSTS, ...times },
    { kind: 'hang', ...on },
    { kind: 'slow', ms: random.int(20, 300), ...on },
    { kind: 'drop', when: 'before', ...on },
    { kind: 'drop', when: 'after', ...on },
    {
      kind: 'rate-limit',
      retryAfterS: random.int(1, 25) / 100,
      body: random.pick(['json', 'html']),
      global: random.chance(0.3),
      ...on,
    },
    { kind: 'unauthorized', times: random.int(1, 3) },
    { kind: 'down' },
    { kind: 'black-hole' },
  ]);
  return { at: random.int(0, lengthMs * 0.9), kind: 'fault', fault, forMs: random.int(20, 500) };
}

function writeOutage(random: Random): Step {
  const fault = random.pick<Fault>([
    { kind: 'down' },
    { kind: 'black-hole' },
    { kind: 'hang' },
    { kind: 'fail-after', ...POSTS },
  ]);
  return { at: random.int(0, 300), kind: 'fault', fault, forMs: random.int(1_100, 1_400) };
}
