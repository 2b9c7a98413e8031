import { describe, expect, it } from 'vitest';
import type { Runbook, RunbookRung } from '../../src/recovery/view.ts';
import { renderRunbookMarkdown } from '../../src/render/runbook.ts';
import { renderRunbook } from '../../src/render/runbook-message.ts';
import { RESTART } from '../support/recovery-views.ts';

function rung(parts: Partial<RunbookRung> = {}): RunbookRung {
  return {
    strategy: 'restart',
    rung: 4,
    summary: 'Fits where the server hangs.',
    impact: 'Everybody is disconnected for about a minute.',
    approval: 'second',
    steps: RESTART.map((step) => ({ ...step, undo: null })),
    missing: null,
    ...parts,
  };
}

const of = (...rungs: RunbookRung[]): Runbook => ({
  database: 'main',
  before: [{ say: 'How it is:', run: 'psql' }],
  rungs,
  later: [{ strategy: 'remount', rung: 5, todo: ['Look at `pods`.'] }],
});

describe('the runbook as Markdown', () => {
  it('says of each rung when it fits, what clients notice, and who must approve it', () => {
    const text = renderRunbookMarkdown(of(rung({ strategy: 'kill-stale', rung: 1, approval: 'own' }), rung()));
    expect(text).toContain('## Rung 4: restart\n\nFits where the server hangs.\n');
    expect(text).toContain(
      '- **Clients notice:** Everybody is disconnected for about a minute.\n- **Approved by:** a second person',
    );
    expect(text).toContain('| 1 | `kill-stale` | Everybody is disconnected for about a minute. | you |');
  });

  it('has each step with its commands to be copied literally', () => {
    const text = renderRunbookMarkdown(of(rung()));
    RESTART.forEach(({ title, commands }, index) => {
      expect(text).toContain(`### ${index + 1}. ${title}`);
      expect(text).toContain(`\n\`\`\`sh\n${commands[0]?.run}\n\`\`\`\n`);
    });
    expect(text).toContain('## Before any rung\n\nHow it is:\n\n```sh\npsql\n```\n');
  });

  it('says how steps are taken back, the last first, after all of them', () => {
    const [first, second] = RESTART;
    if (first === undefined || second === undefined) throw new Error('there are steps');
    const undo = (title: string) => ({ title, commands: [{ say: 'Up:', run: 'kubectl scale --replicas=2' }] });
    const steps = [
      { ...first, undo: undo('Undo 0') },
      { ...second, undo: undo('Undo 1') },
    ];
    const [forth, back] = renderRunbookMarkdown(of(rung({ steps }))).split('### To take it back');
    expect(forth).not.toContain('kubectl scale');
    expect(back).toContain('**Undo 1**\n\nUp:\n\n```sh\nkubectl scale --replicas=2\n```\n\n**Undo 0**');
  });

  it('says why a rung cannot be carried out', () => {
    const text = renderRunbookMarkdown(of(rung({ steps: [], missing: 'no workload is configured' })));
    expect(text).toContain('**Not possible with this configuration:** no workload is configured');
    expect(text).toContain('`restart` (not configured)');
  });
});

describe('/runbook', () => {
  it('promises no commands for a rung that it only has in words', () => {
    const runbook = of();
    expect(renderRunbook(runbook).embed?.description).toContain('without commands');
    expect(renderRunbookMarkdown(runbook)).toContain('## Rung 5: remount\n\nThe bot does not carry it out');
  });

  it('shows the rungs in short and hands out all of it', () => {
    const runbook = of(rung(), rung({ strategy: 'remount', rung: 5, steps: [], missing: 'no volume is configured' }));
    const { embed, attachments = [] } = renderRunbook(runbook);
    expect(embed?.fields?.map(({ name }) => name)).toEqual(['4 · restart', '5 · remount', '5 · remount, by hand only']);
    expect(embed?.fields?.[2]?.value).toBe('1. Look at `pods`.');
    expect(embed?.fields?.[0]?.value).toContain('9 steps · approved by a second person');
    expect(embed?.fields?.[1]?.value).toContain('Not possible here: no volume is configured');
    expect(attachments.map(({ name }) => name)).toEqual(['runbook.md']);
    expect(new TextDecoder().decode(attachments[0]?.data)).toBe(renderRunbookMarkdown(runbook));
  });
});
