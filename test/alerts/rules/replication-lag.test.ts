import { describe, expect, it } from 'vitest';
import replicationLag from '../../../src/alerts/rules/replication-lag.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { Standby } from '../../../src/model/server-signals.ts';
import { NOW, signals } from '../../support/builders.ts';
import { finding, findings, HOSTILE, LOW, MINUTE } from '../../support/rule-findings.ts';

const standby = (lagMs: number | null, name = 'standby_1'): Standby => ({ name, lagMs });
const standbys = (...all: Standby[]) => ({ signals: seen(signals({ standbys: all }), NOW) });

describe('replication-lag', () => {
  it.each([
    [0, 'clear'],
    [MINUTE - 1, 'clear'],
    [MINUTE, 'firing'],
    [MINUTE + 1, 'firing'],
    [null, 'unknown'],
  ] as const)('judges %s ms as %s', (ms, standing) => {
    expect(finding(replicationLag, standbys(standby(ms)))).toMatchObject({ subject: 'standby_1', standing, value: ms });
  });

  it.each([
    [9_999, 'clear'],
    [10_000, 'holding'],
    [30_000, 'firing'],
  ] as const)('judges %i ms as %s where it fires at 30s and clears below 10s', (ms, standing) => {
    const written = { fire: '30s', clear: '10s' };
    expect(finding(replicationLag, standbys(standby(ms)), {}, written).standing).toBe(standing);
  });

  it('is one subject per standby', () => {
    const found = findings(replicationLag, standbys(standby(125_000), standby(null, 'standby_2')));
    expect(found).toMatchObject([
      { subject: 'standby_1', standing: 'firing', headline: 'the standby standby_1 is 2 min behind' },
      { subject: 'standby_2', standing: 'unknown', headline: expect.stringContaining('unknown') },
    ]);
  });

  it.each([
    [[5, 90_000], 'firing'],
    [[90_000, null], 'firing'],
    [[5, null], 'unknown'],
    [[5, 6], 'clear'],
    [[null, null], 'unknown'],
  ] as const)('takes standbys of one name for one, as far behind as the last: %j is %s', (lags, standing) => {
    const all = lags.map((lagMs) => standby(lagMs, 'walreceiver'));
    expect(finding(replicationLag, standbys(...all)).standing).toBe(standing);
  });

  it.each([
    ['the signals are unseen', { signals: unseen('no answer', NOW) }, 'no answer'],
    ['the server is unseen', { ...standbys(standby(9e9)), server: unseen('lost', NOW) }, 'lost'],
  ])('is unknown of every standby where %s, and says why', (_, parts, why) => {
    expect(finding(replicationLag, parts)).toMatchObject({
      subject: '*',
      standing: 'unknown',
      headline: expect.stringContaining(why),
    });
  });

  it.each([
    [5, 'unknown'],
    [MINUTE, 'firing'],
  ] as const)('judges %i ms as %s where sessions are hidden', (ms, standing) => {
    expect(finding(replicationLag, { ...standbys(standby(ms)), server: LOW }).standing).toBe(standing);
  });

  it('passes a hostile name on as it is', () => {
    expect(finding(replicationLag, standbys(standby(MINUTE, HOSTILE))).headline).toBe(
      `the standby ${HOSTILE} is 1 min behind`,
    );
  });
});
