import { isPlainKey } from './path.ts';
import { describeSecret } from './secrets/looks-secret.ts';

/** Decides which texts of the file a fault may quote: people need to see what they wrote, nobody may see a secret. */
export interface Censor {
  /** The text in quotes, or null when it may not be shown. */
  quote(text: string): string | null;
  /** A key of the file as it may be shown. */
  key(text: string): string;
}

/** `hidden`: the values of all known secrets, which are hidden wherever they turn up. */
export function createCensor(hidden: readonly string[]): Censor {
  const secrets = hidden.filter((value) => value !== '');
  const holdsSecret = (text: string): boolean => secrets.some((secret) => text.includes(secret));
  return {
    quote(text) {
      if (text.length > 60 || holdsSecret(text) || describeSecret(text) !== null) return null;
      // A broken file may have run a line such as `password: …` into a value.
      if (/\p{Cc}|pass|secret|token/iu.test(text)) return null;
      return JSON.stringify(text);
    },
    key: (text) => (isPlainKey(text) && !holdsSecret(text) ? text : '…'),
  };
}
