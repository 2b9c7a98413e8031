import { describe, expect, it } from 'vitest';
import { createAlertDesk } from '../../src/alerts/alert-desk.ts';
import applicationRule from '../../src/alerts/rules/connections-application.ts';
import { createAlertOperations } from '../../src/operations/alert-operations.ts';
import { finding, NOW } from '../support/builders.ts';
import { createManualClock } from '../support/manual-clock.ts';

const TOTAL = 'connections-total · main · total';
const SITE = 'connections-application · main · site';

function setUp() {
  const nowhere = { write: async () => {} };
  const desk = createAlertDesk({
    rules: [applicationRule],
    alerts: nowhere,
    silences: nowhere,
    now: NOW,
    onTransitions: async () => {},
  });
  const settings = { severity: 'critical', forMs: 0, keepMs: 0, repeatMs: 1 } as const;
  desk.take(
    [
      { rule: 'connections-total', database: 'main', settings, findings: [finding()] },
      { rule: 'connections-application', database: 'main', settings, findings: [finding({ subject: 'site' })] },
    ],
    NOW,
  );
  const clock = createManualClock(NOW);
  const resolve = () =>
    desk.take(
      [{ rule: 'connections-total', database: 'main', settings, findings: [finding({ standing: 'clear' })] }],
      NOW,
    );
  return {
    clock,
    resolve,
    operations: createAlertOperations({ desk, applications: ['site', 'bot'], unseen: () => [], clock }),
  };
}

describe('alerts in the hands of a responder', () => {
  it('are listed with their owners', () => {
    const { operations } = setUp();
    operations.acknowledge(TOTAL, '42');
    expect(operations.list().firing.map(({ key, acknowledged }) => [key, acknowledged?.by])).toEqual([
      [TOTAL, '42'],
      [SITE, undefined],
    ]);
  });

  it('are handed back', () => {
    const { operations } = setUp();
    operations.acknowledge(TOTAL, '42');
    expect(operations.handBack(TOTAL).acknowledged).toBeNull();
    expect(() => operations.handBack(TOTAL)).toThrow(/nothing to hand back/);
  });

  it('are silenced by the id of an occurrence or by the key, until the time is over', async () => {
    const { operations, clock } = setUp();
    const [total] = operations.list().firing;
    const { silence, covers } = operations.silence({ alert: total?.id }, '30m', '42');
    expect([silence.until, covers.map(({ key }) => key)]).toEqual([NOW + 1_800_000, [TOTAL]]);
    expect(operations.list().silences).toEqual([silence]);
    await clock.advance(1_800_000);
    expect(operations.list().silences).toEqual([]);
  });

  it('are silenced by application, which covers what is about it and nothing else', () => {
    const { operations } = setUp();
    expect(operations.silence({ application: 'site' }, '1h', '42').covers.map(({ key }) => key)).toEqual([SITE]);
  });

  it('are heard again', () => {
    const { operations } = setUp();
    operations.silence({ alert: TOTAL }, '1d', '42');
    operations.unsilence({ alert: TOTAL }, '43');
    expect(operations.list()).toMatchObject({ silences: [], firing: [{ silenced: null }, { silenced: null }] });
  });

  it('of a silenced application have no silence of their own to end, and it is said which one to end', () => {
    const { operations } = setUp();
    operations.silence({ application: 'site' }, '1d', '42');
    expect(() => operations.unsilence({ alert: SITE }, '43')).toThrow(/\/alert unsilence application: site/);
  });

  it('are heard again by the id of their silence, though they are over', () => {
    const { operations, resolve } = setUp();
    const { silence } = operations.silence({ alert: TOTAL }, '1d', '42');
    resolve();
    expect(operations.unsilence({ alert: silence.id }, '43')).toEqual([silence]);
  });

  it.each([
    [{}, '1h', /one of the two/],
    [{ alert: TOTAL, application: 'site' }, '1h', /one of the two/],
    [{ alert: 'nothing' }, '1h', /No such alert fires now/],
    [{ application: 'nobody' }, '1h', /There is: site, bot/],
    [{ alert: TOTAL }, '8d', /from 1 min to 7 d/],
    [{ alert: TOTAL }, '59s', /from 1 min to 7 d/],
    [{ alert: TOTAL }, 'long', /as in 30m, 1h, 4h or 1d/],
  ])('are not silenced for %j during %s', (what, lasting, reason) => {
    expect(() => setUp().operations.silence(what, lasting, '42')).toThrow(reason);
  });

  it('cannot be owned once they are over', () => {
    expect(() => setUp().operations.acknowledge('a1b2c3d4e5', '42')).toThrow(/nothing to acknowledge/);
  });
});
