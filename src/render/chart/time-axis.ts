const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
];

export interface TimeTick {
  readonly at: number;
  /** UTC: `13:24`, or `13:24:10` where ticks are closer than a minute. */
  readonly text: string;
}

/** How many ticks there is room for. */
export interface TickRoom {
  readonly withSeconds: number;
  readonly withMinutes: number;
}

/** Ticks on round UTC times within [fromMs, toMs], as many as there is room for. */
export function timeTicks(fromMs: number, toMs: number, room: TickRoom): readonly TimeTick[] {
  const span = toMs - fromMs;
  const mostAt = (step: number) => Math.max(2, step < MINUTE ? room.withSeconds : room.withMinutes);
  const days = Math.ceil(span / (mostAt(DAY) - 1) / DAY) * DAY;
  const step = STEPS.find((candidate) => span / candidate <= mostAt(candidate) - 1) ?? days;
  const first = Math.ceil(fromMs / step) * step;
  return Array.from({ length: Math.floor((toMs - first) / step) + 1 }, (_, index) => first + index * step).map(
    (at) => ({ at, text: step >= DAY ? dayOf(at) : timeOf(at, step < MINUTE) }),
  );
}

/** `11 Dec 2020, 13:24–13:54 UTC`; the day is said twice where the span crosses midnight. */
export function spanInWords(fromMs: number, toMs: number): string {
  const seconds = toMs - fromMs < 10 * MINUTE;
  const from = timeOf(fromMs, seconds);
  const to = timeOf(toMs, seconds);
  const sameDay = Math.floor(fromMs / DAY) === Math.floor(toMs / DAY);
  return sameDay
    ? `${dayOf(toMs)} ${yearOf(toMs)}, ${from}–${to} UTC`
    : `${dayOf(fromMs)} ${from} – ${dayOf(toMs)} ${yearOf(toMs)}, ${to} UTC`;
}

/** `13:24` or `13:24:10`, UTC. */
export function timeOf(at: number, seconds: boolean): string {
  return (
    new Date(at)
      .toISOString()
      .split('T')
      .at(-1)
      ?.slice(0, seconds ? 8 : 5) ?? ''
  );
}

function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

function yearOf(at: number): number {
  return new Date(at).getUTCFullYear();
}
