/** Takes secrets out of what is about to leave: the last guard behind those that keep them out at their sources. */
export interface Redactor {
  text(text: string): string;
  /** The same in every string of a plain value, keys too; what holds none comes back as it is. */
  value<T>(value: T): T;
}

const REDACTED = '[redacted]';
/** A shorter "secret" would tear holes into innocent words. */
const SHORTEST = 4;
/** So much of the beginning of a secret that was cut short is as good as the whole. */
const SHORTEST_BEGINNING = 8;
/** What Discord gives back to be routed: made by the bot of ids and names, and of no use with a hole. */
const ROUTES: ReadonlySet<string> = new Set(['custom_id', 'nonce']);
/** How texts that were cut end here. */
const CUTS = /…| … \(cut\)/g;

/** `forms`: every secret in every form in which it could stand in a text; see listSecretForms. */
export function createRedactor(forms: readonly string[]): Redactor {
  // The longest first: one form may hold another.
  const hidden = [...new Set(forms)].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);

  function text(given: string): string {
    const whole = hidden.reduce((rest, form) => rest.replaceAll(form, REDACTED), given);
    return whole.includes('…') ? withoutBeginnings(whole) : whole;
  }

  /** A renderer may have cut a text in the middle of a secret. */
  function withoutBeginnings(given: string): string {
    let shown = '';
    let from = 0;
    for (const { index } of given.matchAll(CUTS)) {
      const before = given.slice(from, index);
      const length = longestBeginning(before);
      shown += length === 0 ? before : before.slice(0, -length) + REDACTED;
      from = index;
    }
    return shown + given.slice(from);
  }

  /** How many characters at the end of the text are the beginning of a secret. */
  function longestBeginning(before: string): number {
    for (const form of hidden) {
      for (let length = Math.min(form.length - 1, before.length); length >= SHORTEST_BEGINNING; length -= 1) {
        if (before.endsWith(form.slice(0, length))) return length;
      }
    }
    return 0;
  }

  function value<T>(given: T): T {
    if (typeof given === 'string') return text(given) as T;
    if (Array.isArray(given)) return given.map(value) as T;
    if (typeof given !== 'object' || given === null || Object.getPrototypeOf(given) !== Object.prototype) return given;
    return Object.fromEntries(
      Object.entries(given).map(([key, each]) => [text(key), ROUTES.has(key) ? each : value(each)]),
    ) as T;
  }

  return { text, value: hidden.length === 0 ? (given) => given : value };
}

/**
 * The forms of each secret: as it is, as a URL carries it, and as `disguises` show it. Of a URL that is a secret its last
 * part is one too: the token of a Discord webhook.
 */
export function listSecretForms(
  secrets: readonly string[],
  disguises: readonly ((secret: string) => string)[] = [],
): readonly string[] {
  const parts = secrets.flatMap((secret) => [secret, ...tokenOf(secret)]);
  const shapes = [(part: string) => part, encode, ...disguises];
  return [...new Set(parts.flatMap((part) => shapes.map((as) => as(part))))];
}

function tokenOf(secret: string): readonly string[] {
  if (!URL.canParse(secret)) return [];
  const last = new URL(secret).pathname.split('/').findLast((part) => part !== '') ?? '';
  return last.length >= SHORTEST_BEGINNING ? [last] : [];
}

/** A lone surrogate has no such form. */
function encode(part: string): string {
  return encodeURIComponent(part.toWellFormed());
}
