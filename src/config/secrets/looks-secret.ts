/** Keys under which people put secrets. */
const SECRET_KEY =
  /token|passw|passphrase|passwd|^pass$|pwd|secret|bearer|api[-_]?key|private[-_]?key|credential|webhook[-_]?url/i;

/** Whether a key's name says that a secret stands under it. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

const SHAPES: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  // https://discord.com/developers/docs/reference#authentication: id, time and signature, base64url, joined by dots
  { pattern: /[\w-]{23,32}\.[\w-]{6,7}\.[\w-]{27,}/, what: 'looks like a Discord token' },
  {
    pattern: /discord(app)?\.com\/api\/(v\d+\/)?webhooks\/\d+\/[\w-]{20,}/i,
    what: 'is a Discord webhook address, which anyone who has it may use',
  },
  { pattern: /^[a-z][a-z0-9+.-]*:\/\/[^/\s?#]*:[^/\s?#]*@/i, what: 'has a password in its address' },
  { pattern: /\bpassword\s*=/i, what: 'has a password in it' },
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, what: 'is a private key' },
];

/** What makes a text look like a secret ("looks like a Discord token"), or null when it does not. */
export function describeSecret(text: string): string | null {
  return SHAPES.find(({ pattern }) => pattern.test(text))?.what ?? null;
}
