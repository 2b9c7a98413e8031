import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const LOG = fileURLToPath(new URL('../../src/log/create-log.ts', import.meta.url));

/** What a process of its own writes: pino writes to the real standard output. */
async function logged(statement: string): Promise<string> {
  const script = `
    import { createLog } from ${JSON.stringify(LOG)};
    const log = createLog({ level: 'info', secrets: ['hush "quoted"', 'ab', 'the-token'] });
    ${statement}`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
  return stdout;
}

it('strikes out every secret, in whatever field it hides', async () => {
  const text = await logged(
    `log.warn({ reason: 'x the-token y', deep: { er: ['hush "quoted"'] }, err: new Error('the-token') }, 'the-token');`,
  );
  expect(text).toMatch(/redacted/);
  expect(text).not.toMatch(/the-token|hush/);
  expect(JSON.parse(text)).toMatchObject({ level: 'warn', reason: 'x [redacted] y', msg: '[redacted]' });
});

it('leaves words alone that a secret of a few letters stands in', async () => {
  expect(await logged(`log.info({}, 'about');`)).toContain('about');
});

it('keeps of an error its name, message, code and stack: clients keep requests in the rest', async () => {
  const text = await logged(
    `log.error({ err: Object.assign(new TypeError('x'), { code: 'E1', request: 'body' }) }, 'm');`,
  );
  expect(JSON.parse(text)).toMatchObject({ err: { name: 'TypeError', message: 'x', code: 'E1' } });
  expect(text).not.toContain('body');
});
