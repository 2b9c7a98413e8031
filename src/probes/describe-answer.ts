import { STATUS_CODES } from 'node:http';
import type { Probe } from '../model/service-state.ts';

/** What an HTTP status says about a service; the words are the standard's or ours, never those of the server. */
export function describeAnswer(status: number): Pick<Probe, 'verdict' | 'fact'> {
  const meaning = FROM_THE_CDN.get(status);
  const name = STATUS_CODES[status];
  const words = meaning === undefined ? (name === undefined ? '' : ` ${name}`) : `: ${meaning}`;
  return { verdict: status < 500 ? 'good' : 'server-error', fact: `answers ${status}${words}` };
}

/**
 * Cloudflare's own, which say where behind it the fault is:
 * https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
 * (527 was of its Railgun, which it no longer runs).
 */
const FROM_THE_CDN: ReadonlyMap<number, string> = new Map([
  [520, 'the CDN reached the server, which gave an empty or broken answer'],
  [521, 'the server refused the CDN: it is down, or keeps the CDN out'],
  [522, 'the CDN did not reach the server in time'],
  [523, 'the CDN found no way to the server'],
  [524, 'the CDN reached the server, which gave no answer in time'],
  [525, 'the TLS handshake between the CDN and the server failed'],
  [526, "the CDN does not accept the server's certificate"],
  [527, 'the link between the CDN and the server was interrupted'],
  [530, "the CDN cannot find the server's address"],
]);
