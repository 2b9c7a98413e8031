import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitMessage } from '../../src/discord/fit-message.ts';
import type { LockNode } from '../../src/model/lock-tree.ts';
import type { LocksReport } from '../../src/model/locks-report.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { renderLocks } from '../../src/render/locks-message.ts';
import { NOW } from '../support/builders.ts';
import { lockNode } from '../support/looking.ts';

function report(nodes: readonly LockNode[], parts: Partial<LocksReport> = {}): LocksReport {
  const oldest = { application: 'site', state: 'idle in transaction', ms: 431_000 } as const;
  return {
    database: 'main',
    at: NOW,
    tree: seen({ nodes }, NOW),
    sample: seen({ waiting: 3, oldest }, NOW - 4_000),
    configured: [{ name: 'site', match: { user: 'site' } }],
    ...parts,
  };
}

const textOf = (nodes: readonly LockNode[]): string => renderLocks(report(nodes)).embed?.description ?? '';

function prepared(gid: string): LockNode[] {
  const id = `prepared:${gid}`;
  return [
    lockNode(0, [], { id, kind: 'prepared', pid: null, gid, state: null, statement: null, address: null }),
    lockNode(1, [], { blockedBy: [id], waitedMs: 5_000 }),
  ];
}

const queue = (length: number) => [
  lockNode(1),
  ...Array.from({ length }, (_, index) => lockNode(index + 2, [1], { waitedMs: 90_000 - index })),
];

describe('the tree of locks', () => {
  it('leads with how many wait, what to do, and the one at the top', () => {
    const { embed } = renderLocks(report(queue(2)));
    expect(embed?.title).toBe('main: 2 sessions wait, the longest for 1 min 30 s');
    expect(embed?.description?.split('\n').slice(0, 7)).toEqual([
      '**First:** **1** of **site** sits idle in a transaction and holds up **2**. `/db kill-stale database: main application: site kind: idle-in-transaction older-than: 1m` shows what it would end, and asks first.',
      '',
      '- **1 site** holds up 2',
      '  idle in transaction, open 2 min',
      '  from 10.2.0.5',
      '  `UPDATE …`',
      '  - **2 site** waits 1 min 30 s',
    ]);
  });

  it.each([
    ['idle in transaction (aborted)', /kind: idle-in-transaction/],
    ['idle', /lock of its session.*kind: idle`/],
    ['active', /is at work.*SELECT pg_cancel_backend\(1\);/],
    [null, /is at work/],
  ])('says what to do about one that is %s', (state, expected) => {
    expect(textOf([lockNode(1, [], { state }), lockNode(2, [1])])).toMatch(expected);
  });

  it('says what becomes of a circle, and draws it once', () => {
    const text = textOf([lockNode(1, [2]), lockNode(2, [1])]);
    expect(text).toContain('**First:** 2 wait for each other in a circle. PostgreSQL ends one of them by itself');
    expect(text.match(/- \*\*\d+ site\*\*/g)).toHaveLength(2);
  });

  it('advises about the one that holds up the most, though another stands before it', () => {
    const text = textOf([lockNode(7, [99]), lockNode(1, [2]), lockNode(2, [1])]);
    expect(text).toContain('wait for each other in a circle');
  });

  it('tells one that two hold up once, and of both', () => {
    const text = textOf([lockNode(1), lockNode(2), lockNode(3, [1, 2]), lockNode(4, [1])]);
    expect(text).toContain('- **3 site** waits 1 min\n    for relation orders, AccessExclusiveLock\n');
    expect(text).toContain('also behind 2\n');
    expect(text).toMatch(/- \*\*2 site\*\* holds up 1\n(.*\n)*.*1 of them told elsewhere/);
  });

  it('names a prepared transaction, and the statement that ends it', () => {
    const text = textOf(prepared("o'neil-7"));
    expect(text).toContain("- **prepared “o'neil-7”** holds up 1\n  nobody is connected to it, open 2 min");
    expect(text).toContain("in database **site**:\n`ROLLBACK PREPARED 'o''neil-7';`");
  });

  it.each(['a`b', 'two  blanks', 'turned\u202E', 'x'.repeat(300)])(
    'gives no statement that would name another than %j',
    (gid) => {
      expect(textOf(prepared(gid))).toContain("`ROLLBACK PREPARED '…';` with its name from");
    },
  );

  it('cuts a long queue with its count, and attaches all of it', () => {
    const message = renderLocks(report(queue(40)));
    expect(message.embed?.description).toContain('  - … 37 more behind it');
    expect(message.embed?.description).toContain('37 not shown here: `locks.txt` has them all');
    const text = new TextDecoder().decode(message.attachments?.[0]?.data);
    expect(text.match(/^ *\d+ site: /gm)).toHaveLength(41);
  });

  it('cuts between two entries where long names fill the message', () => {
    const user = '@'.repeat(80);
    const nodes = Array.from({ length: 40 }, (_, pid) => {
      return lockNode(pid, pid < 4 ? [] : [Math.floor(pid / 3) - 1], { user, awaits: user, statement: user });
    });
    const { embed } = renderLocks(report(nodes));
    const [fitted] = fitMessage({ ...(embed && { embed }) }).embeds;
    expect(fitted?.description).toBe(embed?.description);
    expect(embed?.description).toMatch(/^-# \d+ not shown here/m);
  });

  it('attaches nothing where all of it is shown', () => {
    expect(renderLocks(report(queue(3))).attachments).toBeUndefined();
  });

  it('says that nobody waits, with the oldest transaction', () => {
    const { embed } = renderLocks(report([]));
    expect(embed?.title).toBe('main: nobody waits for a lock');
    expect(embed?.description).toContain('open for **7 min 11 s**: site, idle in transaction.');
  });

  it('says what the last sample knew when the server is silent', () => {
    const { embed } = renderLocks(report([], { tree: unseen('no session is held', NOW) }));
    expect(embed?.title).toBe('main: lock waits unknown');
    expect(embed?.description).toContain(`At the last sample, <t:${NOW / 1_000 - 4}:R>, 3 sessions waited for a lock.`);
  });

  it('lets no name out of its place', () => {
    const hostile = { user: '**@everyone**', statement: 'SELECT `x` ```\n# big', applicationName: '[a](http://b)' };
    const text = textOf([lockNode(1, [], hostile), lockNode(2, [1], { awaits: '`relation`' })]);
    expect(text).toContain('\\*\\*\\@');
    expect(text).not.toMatch(/[^\\]@everyone/);
    expect(text).toContain("  `SELECT 'x' ''' # big`");
    expect(text).toContain('for \\`relation\\`');
    expect(text).not.toContain('[a](http');
  });

  it('fits into Discord whatever the graph and the names, and what it shows and leaves out adds up', () => {
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 120 }), fc.constantFrom('@'.repeat(120), '`*_|<>[]~'));
    const node = fc.record({
      user: fc.option(name),
      applicationName: name,
      statement: fc.option(name),
      awaits: fc.option(name),
      blockers: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(node, { maxLength: 30 }), name, (parts, database) => {
        const nodes = parts.map(({ blockers, ...each }, pid) => lockNode(pid, blockers, each));
        const message = renderLocks(report(nodes, { database }));
        const [embed] = fitMessage(message).embeds;
        expect(embed?.description).toBe(message.embed?.description);
        if (embed?.color !== 0xe67e22) return;
        const shown = embed.description?.match(/^ *- \*\*\d+/gm)?.length ?? 0;
        const left = Number(/^-# (\d+) not shown here/m.exec(embed.description ?? '')?.[1] ?? 0);
        expect(shown + left).toBe(nodes.length);
        expect(message.attachments?.length ?? 0).toBe(left > 0 ? 1 : 0);
      }),
    );
  });
});
