import { isIP } from 'node:net';
import type { z } from 'zod';
import { leaf, textLeaf } from './leaf.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `host:port`; `:8080` listens on every address, port 0 takes a free one. */
export function listenSchema(description: string, example: string): z.ZodType<ListenAddress, string> {
  return leaf({ description, examples: [example] }, (text) => {
    const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:\s]*)):(\d{1,5})$/.exec(text) ?? [];
    const port = Number(digits);
    const host = bracketed ?? plain;
    if (digits === undefined || port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6)) {
      return { ok: false, fault: `is no address to listen on: write host:port in quotes, as in "${example}"` };
    }
    return { ok: true, value: { host: host === undefined || host === '' ? '0.0.0.0' : host, port } };
  });
}

/** A network as `10.2.0.0/16` or `fd00::/48`. */
export function cidrSchema(description: string): z.ZodType<string, string> {
  return textLeaf({ description, examples: ['10.2.0.0/16'] }, (text) => {
    const [address = '', bits = '', ...rest] = text.split('/');
    const family = isIP(address);
    const valid =
      family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
    return valid ? null : 'is no network: write an address and its prefix length, as in "10.2.0.0/16"';
  });
}

/** One IPv4 or IPv6 address. */
export function addressSchema(description: string): z.ZodType<string, string> {
  return textLeaf({ description, examples: ['10.2.0.1'] }, (text) => {
    return isIP(text) === 0 ? 'is no IP address: write one, as in "10.2.0.1"' : null;
  });
}

/** A host's name or address alone, or the directory of a Unix socket. */
export function hostSchema(description: string, example: string): z.ZodType<string, string> {
  return textLeaf({ description, examples: [example] }, (text) => {
    if (text.includes('://') || text.includes('@'))
      return `is a whole address: write the host alone, as in ${example}; port and user have keys of their own`;
    if (/:\d+$/.test(text) && isIP(text) === 0)
      return `has a port in it: write the host alone, as in ${example}, and the port under port`;
    return /^[^\s,]+$/.test(text) ? null : `is no host: write one name or address, as in ${example}`;
  });
}
