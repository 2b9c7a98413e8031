import { describeGroup, listGroups, listResources } from './discovery.ts';
import type { Answer, World } from './exchange.ts';
import { ok } from './exchange.ts';
import { describeDocument, listDocuments } from './openapi.ts';

/** What is no resource: the version, health, discovery. Null where the path leads nowhere. */
export function answerPath({ api, hooks }: World, path: string, address: string): Answer | null {
  const types = api.types();
  const { answers = [] } = hooks;
  const trimmed = path.replace(/\/+$/, '');
  if (trimmed === '/version') return ok(VERSION);
  if (/^\/(livez|readyz|healthz)(\/|$)/.test(trimmed)) return { status: 200, body: 'ok' };
  if (trimmed === '/api') {
    const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
    return ok({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs });
  }
  if (trimmed === '/apis') return ok(listGroups(types, answers));
  const [, root, ...rest] = trimmed.split('/');
  if (root === 'api' && rest.length === 1) return orNull(listResources(types, answers, rest[0] ?? ''));
  if (root === 'apis' && rest.length === 1) return orNull(describeGroup(types, answers, rest[0] ?? ''));
  if (root === 'apis' && rest.length === 2) return orNull(listResources(types, answers, rest.join('/')));
  if (trimmed === '/openapi/v3') return ok(listDocuments(types));
  if (trimmed.startsWith('/openapi/v3/api')) return orNull(describeDocument(types, rest.slice(2).join('/')));
  return null;
}

function orNull(body: object | null): Answer | null {
  return body === null ? null : ok(body);
}

/** That of the server that was recorded (golden 001). */
const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: '7b29fb077260554429dcef8234272e9fd25fcfbd',
  gitTreeState: 'clean',
  buildDate: '2026-08-21T00:00:00Z',
  goVersion: 'go1.26.10',
  compiler: 'gc',
  platform: 'linux/amd64',
};
