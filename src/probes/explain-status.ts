/**
 * What a CDN says in the place of the server, as words behind the number: Cloudflare's own codes
 * (https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/). Null for the others.
 */
export function explainStatus(status: number): string | null {
  const meaning = CDN_STATUSES[status];
  return meaning === undefined ? null : `: ${meaning}`;
}

const CDN_STATUSES: Readonly<Record<number, string>> = {
  520: 'the CDN got an empty or unreadable answer from the server behind it',
  521: 'the server behind the CDN refuses connections',
  522: 'the CDN cannot connect to the server behind it: a timeout',
  523: 'the CDN finds no way to the server behind it',
  524: 'the CDN reached the server behind it and got no answer in time, as when that waits for its database',
  525: 'the TLS handshake between the CDN and the server behind it failed',
  526: 'the CDN does not trust the certificate of the server behind it',
  530: 'the CDN cannot resolve the server behind it',
};
