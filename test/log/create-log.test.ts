import { expect, it } from 'vitest';
import { createLog } from '../../src/log/create-log.ts';

const SECRETS = ['hush "quoted"', 'ab', 'the-token'];

/** What leaves the process when something is logged. */
function logged(say: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  say(createLog({ level: 'info', secrets: SECRETS, write: (line) => lines.push(line) }));
  return lines.join('');
}

it('strikes out every secret, in whatever field it hides', () => {
  const fields = { reason: 'x the-token y', deep: { er: ['hush "quoted"'] }, err: new Error('the-token') };
  const text = logged((log) => log.warn(fields, 'the-token'));
  expect(text).not.toMatch(/the-token|hush/);
  expect(JSON.parse(text)).toMatchObject({ level: 'warn', reason: 'x [redacted] y', msg: '[redacted]' });
});

it('leaves words alone that a secret of a few letters stands in', () => {
  expect(logged((log) => log.info({}, 'about'))).toContain('about');
});

it('keeps of an error its name, message, code and stack: clients keep requests in the rest', () => {
  const err = Object.assign(new TypeError('x'), { code: 'E1', request: 'body' });
  const text = logged((log) => log.error({ err }, 'm'));
  expect(JSON.parse(text)).toMatchObject({ err: { name: 'TypeError', message: 'x', code: 'E1' } });
  expect(text).not.toContain('body');
});
