import { describe, expect, it } from 'vitest';
import {
  type ApiFault,
  hideCredentials,
  readApiError,
  readWatchError,
  timeoutError,
  transportError,
} from '../../src/kubernetes/api-error.ts';
import { type GoldenExchange, readGolden, WITHOUT_GOLDEN, wireText } from '../support/golden.ts';

function readExchange(exchange: GoldenExchange) {
  const { status, headers } = exchange.response;
  const answer = { status, retryAfter: headers['retry-after'], text: wireText(exchange) };
  return readApiError(answer, exchange.request.method !== 'GET');
}

describe.skipIf(WITHOUT_GOLDEN)('an error of a real API server', () => {
  it.each<[string, ApiFault, string]>([
    ['009', 'already-exists', 'already exists'],
    ['106', 'already-exists', 'object is being deleted'],
    ['040', 'conflict', 'has been modified'],
    ['044', 'conflict', 'uid'],
    ['066', 'conflict', 'conflict'],
    ['017', 'invalid', 'Invalid value'],
    ['019', 'invalid', 'namespace'],
    ['227', 'invalid', 'too large'],
    ['035', 'not-found', 'configmaps "nope" not found'],
    ['018', 'not-found', 'namespaces "nope" not found'],
    ['032', 'not-served', 'could not find the requested resource'],
    ['033', 'not-served', '404 page not found'],
    ['179', 'unauthorised', 'Unauthorized'],
    ['185', 'forbidden', 'cannot list resource "pods"'],
    ['301', 'expired', 'too old'],
    ['279', 'too-many', 'Too many requests'],
    ['232', 'too-many', '(re)initializing'],
    ['163', 'timeout', 'Too large resource version'],
    ['312', 'timeout', 'did not complete'],
    ['119', 'failed', ''],
  ])('%s is told as %s', (number, fault, words) => {
    const error = readExchange(readGolden(number));
    expect(error.fault).toBe(fault);
    expect(error.message.toLowerCase()).toContain(words.toLowerCase());
    expect(error.message).not.toMatch(/content-type|[\n{}]/i);
  });

  it('leaves the outcome of a write unknown where the server ran out of time, and only there', () => {
    const outcome = (number: string): boolean => readExchange(readGolden(number)).outcomeUnknown;
    expect(['313', '314', '312', '009', '185'].map(outcome)).toEqual([true, true, false, false, false]);
  });

  it('carries when to come back, and who is in the way', () => {
    expect(readExchange(readGolden('279')).retryAfterMs).toBe(1_000);
    expect(readExchange(readGolden('232')).retryAfterMs).toBe(1_000);
    expect(readExchange(readGolden('122')).causes).toEqual(['DisruptionBudget']);
    expect(readExchange(readGolden('066')).causes).toContain('FieldManagerConflict');
  });

  it('in a watch is an event, and expired by its code', () => {
    const [event] = readGolden('304').response.body as readonly { readonly object: unknown }[];
    expect(readWatchError(event?.object)).toMatchObject({ fault: 'expired', status: 410 });
  });
});

describe('an error of the API server', () => {
  const read = (status: number, text: string, isWrite = false) =>
    readApiError({ status, retryAfter: undefined, text }, isWrite);

  it('is a missing object only where the server names one: what it does not serve may well be there', () => {
    const text = (details: object) => JSON.stringify({ reason: 'NotFound', message: 'no', details });
    expect(read(404, text({ name: 'site' })).fault).toBe('not-found');
    expect(read(404, text({})).fault).toBe('not-served');
    expect(read(404, '<html>not here</html>').fault).toBe('not-served');
  });

  it.each([502, 503, 504])('leaves the outcome of a write unknown at %i, which a proxy may have sent', (status) => {
    expect(read(status, 'Bad Gateway', true).outcomeUnknown).toBe(true);
    expect(read(status, 'Bad Gateway', false).outcomeUnknown).toBe(false);
  });

  it('is one short line whatever the server says', () => {
    const { message } = read(500, `a\nb\u202e${'x'.repeat(10_000)}`);
    expect(message.length).toBeLessThan(400);
    expect(message).not.toMatch(/[\n\u202e]/);
    expect(read(500, '').message).toBe('The API server answers with a fault (HTTP 500).');
  });

  it('shows no credentials', () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
    for (const text of [`token ${token} expired`, `Authorization: Bearer abc123def`, `basic bWU6cHc=x`]) {
      const { message } = read(401, text);
      expect(message).toContain('[redacted]');
      expect(message).not.toMatch(/eyJ|abc123|bWU6/);
    }
    expect(hideCredentials('no bearer of news')).toBe('no bearer of news');
    const script =
      '+ PGPASSWORD=hunter2 AWS_SECRET_ACCESS_KEY="hunter2" pg_dump postgres://site:hunter2@db/site token: hunter2';
    expect(hideCredentials(script)).not.toContain('hunter2');
    expect(hideCredentials('secrets "site" is forbidden')).toBe('secrets "site" is forbidden');
  });

  it('of the connection is told by its code, and says whether a write may have been done', () => {
    const coded = (code: string) => Object.assign(new Error('secret text'), { code });
    expect(transportError(coded('ECONNREFUSED'), true)).toMatchObject({ fault: 'unavailable', outcomeUnknown: false });
    expect(transportError(coded('ECONNRESET'), true)).toMatchObject({ fault: 'unavailable', outcomeUnknown: true });
    expect(transportError(coded('ECONNRESET'), false).outcomeUnknown).toBe(false);
    expect(transportError(new Error('secret text'), true).message).not.toContain('secret');
    expect(timeoutError(10_000, true)).toMatchObject({ fault: 'timeout', outcomeUnknown: true });
  });
});
