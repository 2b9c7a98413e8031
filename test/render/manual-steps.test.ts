import { describe, expect, it } from 'vitest';
import { attachManual, renderManualField } from '../../src/render/manual-steps.ts';
import { manual, RESTART } from '../support/recovery-views.ts';

const fileOf = (...steps: Parameters<typeof attachManual>[1]) =>
  new TextDecoder().decode(attachManual('t', steps)[0]?.data);

describe('the commands in a message', () => {
  it('are whole steps, as many as fit, and it says how many are left', () => {
    const long = manual('a', 'A step', `echo ${'x'.repeat(380)}`);
    const value = renderManualField('By hand', [long, long, long])[0]?.value ?? '';
    expect(value.match(/^echo x+$/gm)).toHaveLength(2);
    expect(value).toContain('-# 1 more with commands: `by-hand.md`.');
    expect(value.length).toBeLessThanOrEqual(1024);
  });

  it('are never other than what must be run: what Discord would change stands in the file alone', () => {
    for (const run of ['psql -c \'ALTER ROLE "a`b"\'', 'echo \u202esecret', 'echo a\u200bb']) {
      expect(renderManualField('x', [manual('a', 'A', run)])[0]?.value).not.toContain('```');
      expect(fileOf(manual('a', 'A', run))).toContain(run);
    }
  });

  it('may span lines', () => {
    expect(renderManualField('x', [manual('a', 'A', 'one \\\n  two')])[0]?.value).toContain('\none \\\n  two\n');
  });

  it('are left out where there are none', () => {
    expect(renderManualField('x', [])).toEqual([]);
    expect(attachManual('x', [])).toEqual([]);
  });
});

describe('the file', () => {
  it('has every command in a block that can be copied literally, and what to look for', () => {
    const text = fileOf(...RESTART);
    for (const { commands, title } of RESTART) {
      expect(text).toContain(title.replace(/_/g, '\\_'));
      expect(text).toContain(`\n\`\`\`sh\n${commands[0]?.run}\n\`\`\`\n`);
    }
    expect(text.match(/Go on once that is so\./g)).toHaveLength(RESTART.length);
  });

  it('says at each command what to do where it says something else', () => {
    const step = { ...manual('a', 'A', 'x'), commands: [{ say: 'Must say y:', run: 'x', otherwise: 'Stop *here*.' }] };
    expect(fileOf(step)).toContain('```sh\nx\n```\n\n**Otherwise:** Stop \\*here\\*.\n');
  });

  it('cannot be broken out of by a command with back-ticks', () => {
    expect(fileOf(manual('a', 'A', 'echo ```` > x'))).toContain('`````sh\necho ```` > x\n`````');
  });

  it('warns of a command with characters that cannot be seen', () => {
    expect(fileOf(manual('a', 'A', 'echo \u202ex'))).toContain('**Careful:**');
    expect(fileOf(...RESTART)).not.toContain('**Careful:**');
  });

  it('shows names in its words as they are, and formats nothing by them', () => {
    expect(fileOf(manual('a', 'Cap *x* <b>', 'y'))).toContain('### 1. Cap \\*x\\* \\<b>');
  });
});
