/** Who and what the ids in mentions stand for; undefined for what is not known. */
export interface Names {
  user(id: string): string | undefined;
  role(id: string): string | undefined;
  channel(id: string): string | undefined;
}

/** C0 and C1 controls but for line feed and tab, and what turns the direction of writing. */
// oxlint-disable-next-line no-control-regex -- these are the characters a terminal must not be sent
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
const CODE = /(```[\s\S]*?```|`[^`\n]*`)/;

/**
 * Discord's markup as a person reads it: mentions and timestamps resolved, marks and escapes off, outside code. What
 * could steer the terminal becomes `�`. `now` in epoch milliseconds.
 */
export function readable(raw: string, names: Names, now: number): string {
  const parts = raw.replaceAll(CONTROLS, '\uFFFD').split(CODE);
  // Splitting by one group puts the code at the odd places.
  return parts.map((part, index) => (index % 2 === 1 ? unfence(part) : resolve(part, names, now))).join('');
}

function resolve(text: string, names: Names, now: number): string {
  return text
    .replaceAll(/<@!?(\d+)>/g, (all, id: string) => mention('@', names.user(id), all))
    .replaceAll(/<@&(\d+)>/g, (all, id: string) => mention('@', names.role(id), all))
    .replaceAll(/<#(\d+)>/g, (all, id: string) => mention('#', names.channel(id), all))
    .replaceAll(/<t:(-?\d{1,12})(?::([tTdDfFR]))?>/g, (_, seconds: string, style: string | undefined) =>
      showTime(Number(seconds) * 1_000, style ?? 'f', now),
    )
    .replaceAll(/(?<!\\)(\*\*|__|~~)(\S(?:.*?\S)?)(?<!\\)\1/g, '$2')
    .replaceAll(/\\([\\*_`~|>#()[\]<:@-])/g, '$1');
}

function mention(sign: string, name: string | undefined, otherwise: string): string {
  return name === undefined ? otherwise : `${sign}${name.replaceAll(CONTROLS, '\uFFFD')}`;
}

function showTime(at: number, style: string, now: number): string {
  const iso = new Date(at).toISOString();
  if (style === 'R') return relative(at - now);
  if (style === 't') return `${iso.slice(11, 16)} UTC`;
  if (style === 'T') return `${iso.slice(11, 19)} UTC`;
  return style === 'd' || style === 'D' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

function relative(fromNowMs: number): string {
  const [name, size] = UNITS.find(([, ms]) => Math.abs(fromNowMs) >= ms) ?? UNITS[3];
  const count = Math.round(Math.abs(fromNowMs) / size);
  const words = `${count} ${name}${count === 1 ? '' : 's'}`;
  return fromNowMs > 0 ? `in ${words}` : `${words} ago`;
}

/** A code block without its fence and its language; code in a line without its backticks. */
function unfence(code: string): string {
  return code.startsWith('```') ? code.replace(/^```[a-z]*\n?/, '').replace(/\n?```$/, '') : code.slice(1, -1);
}
