import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeAnswer } from '../../src/probes/describe-answer.ts';

it.each([
  [200, 'good', 'answers 200 OK'],
  [301, 'good', 'answers 301 Moved Permanently'],
  [404, 'good', 'answers 404 Not Found'],
  [500, 'server-error', 'answers 500 Internal Server Error'],
  [503, 'server-error', 'answers 503 Service Unavailable'],
  [520, 'server-error', 'answers 520: the CDN reached the server, which gave an empty or broken answer'],
  [521, 'server-error', 'answers 521: the server refused the CDN: it is down, or keeps the CDN out'],
  [522, 'server-error', 'answers 522: the CDN did not reach the server in time'],
  [523, 'server-error', 'answers 523: the CDN found no way to the server'],
  [524, 'server-error', 'answers 524: the CDN reached the server, which gave no answer in time'],
  [525, 'server-error', 'answers 525: the TLS handshake between the CDN and the server failed'],
  [526, 'server-error', "answers 526: the CDN does not accept the server's certificate"],
  [527, 'server-error', 'answers 527: the link between the CDN and the server was interrupted'],
  [530, 'server-error', "answers 530: the CDN cannot find the server's address"],
  [599, 'server-error', 'answers 599'],
] as const)('calls %i %s and says: %s', (status, verdict, fact) => {
  expect(describeAnswer(status)).toEqual({ verdict, fact });
});

it('calls an answer good exactly when it is below 500, and always names the number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999 }), (status) => {
      const { verdict, fact } = describeAnswer(status);
      expect(verdict === 'good').toBe(status < 500);
      expect(fact).toMatch(new RegExp(`^answers ${status}(?!\\d)`));
    }),
  );
});
