import { describe, expect, it } from 'vitest';
import replicationSlots from '../../../src/alerts/rules/replication-slots.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { ReplicationSlot } from '../../../src/model/server-signals.ts';
import { NOW, signals } from '../../support/builders.ts';
import { finding, findings, HOSTILE, LOW } from '../../support/rule-findings.ts';

const GIB = 2 ** 30;
const slot = (retainedBytes: number | null, parts: Partial<ReplicationSlot> = {}): ReplicationSlot => ({
  name: 'standby_1',
  active: true,
  retainedBytes,
  ...parts,
});
const slots = (...all: ReplicationSlot[]) => ({ signals: seen(signals({ slots: all }), NOW) });

describe('replication-slots', () => {
  it.each([
    [10 * GIB - 1, 'clear'],
    [10 * GIB, 'firing'],
    [10 * GIB + 1, 'firing'],
    [null, 'clear'],
  ] as const)('judges %s bytes as %s', (bytes, standing) => {
    expect(finding(replicationSlots, slots(slot(bytes)))).toMatchObject({ subject: 'standby_1', standing });
  });

  it.each([
    [GIB - 1, 'clear'],
    [GIB, 'holding'],
    [2 * GIB, 'firing'],
  ] as const)('judges %i bytes as %s where it fires at 2GiB and clears below 1GiB', (bytes, standing) => {
    const written = { fire: '2GiB', clear: '1GiB' };
    expect(finding(replicationSlots, slots(slot(bytes)), {}, written).standing).toBe(standing);
  });

  it('is one subject per slot, and says whether anybody reads from it', () => {
    const found = findings(replicationSlots, slots(slot(12 * GIB), slot(5, { name: 'old', active: false })));
    expect(found).toMatchObject([
      {
        subject: 'standby_1',
        headline: 'the replication slot standby_1 keeps 12 GiB of WAL',
        evidence: expect.stringContaining('connected'),
      },
      { subject: 'old', headline: 'the replication slot old keeps 5 B of WAL', evidence: 'Nobody reads from it now.' },
    ]);
  });

  it.each([
    ['the signals are unseen', { signals: unseen('no answer', NOW) }, 'no answer'],
    ['the server is unseen', { ...slots(slot(99 * GIB)), server: unseen('lost', NOW) }, 'lost'],
  ])('is unknown of every slot where %s, and says why', (_, parts, why) => {
    expect(finding(replicationSlots, parts)).toMatchObject({
      subject: '*',
      standing: 'unknown',
      headline: expect.stringContaining(why),
    });
  });

  it('needs no privilege: the slots are open to every role', () => {
    expect(finding(replicationSlots, { ...slots(slot(5)), server: LOW }).standing).toBe('clear');
  });

  it('passes a hostile name on as it is, and keeps it out of its advice', () => {
    const found = finding(replicationSlots, slots(slot(11 * GIB, { name: HOSTILE })));
    expect(found.headline).toBe(`the replication slot ${HOSTILE} keeps 11 GiB of WAL`);
    expect(found.firstStep).toBeUndefined();
  });
});
