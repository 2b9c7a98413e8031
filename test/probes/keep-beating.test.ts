import { describe, expect, it, onTestFinished } from 'vitest';
import { keepBeating, type Wellness } from '../../src/probes/keep-beating.ts';
import { type ProbeService, probeService } from '../../src/probes/probe-service.ts';
import { createManualClock, type ManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { findDeadPort, serveHttp, serveTcp } from './servers.ts';

const WELL: Wellness = { ok: true };
const ILL: Wellness = { ok: false, reasons: ['Discord cannot be reached'] };

/** A heartbeat every minute whose requests are answered by the statuses in turn, then by 200. */
function beat(statuses: readonly (number | null)[] = []) {
  const clock = createManualClock();
  const startedAt = clock.now();
  const beats: number[] = [];
  const answers = [...statuses];
  const request: ProbeService = () => {
    beats.push(clock.now() - startedAt);
    const [status = 200] = answers.splice(0, 1);
    const [verdict, fact] = status === null ? (['cut', 'cut'] as const) : (['good', `answers ${status}`] as const);
    return Promise.resolve({ verdict, status, fact, tookMs: 1, certificateExpiresAt: null });
  };
  return { clock, beats, ...start(clock, { request }) };
}

function start(clock: ManualClock, { request = probeService, url = 'https://hc.example/zebra' }: Partial<Settings>) {
  const log = createRecordedLog();
  const patient = { wellness: WELL as Wellness | Error };
  const isWell = () => {
    if (patient.wellness instanceof Error) throw patient.wellness;
    return patient.wellness;
  };
  const heartbeat = keepBeating({ url, everyMs: 60_000, clock, log, isWell, request });
  onTestFinished(() => heartbeat.stop());
  return { log, patient, heartbeat, said: () => log.lines.map(({ level, message }) => `${level} ${message}`) };
}

interface Settings {
  readonly request: ProbeService;
  readonly url: string;
}

describe('the heartbeat', () => {
  it('beats at once, then at its interval, and says so once', async () => {
    const { clock, beats, said } = beat();
    await clock.advance(120_000);
    expect(beats).toEqual([0, 60_000, 120_000]);
    expect(said()).toEqual(['info the heartbeat is taken']);
  });

  it('is silent while not all is well, says why once, and beats soon after', async () => {
    const { clock, beats, said, log, patient } = beat();
    await settle();
    patient.wellness = ILL;
    await clock.advance(600_000);
    expect(beats).toEqual([0]);
    patient.wellness = WELL;
    await clock.advance(15_000);
    expect(beats).toEqual([0, 615_000]);
    expect(said()).toEqual([
      'info the heartbeat is taken',
      'warn no heartbeat: not all is well',
      'info the heartbeat is taken',
    ]);
    expect(log.text()).toContain('Discord cannot be reached');
  });

  it.each([null, 302, 404, 429, 500])(
    'takes %s for a lost beat, and tries again before the interval is over',
    async (status) => {
      const { clock, beats, said } = beat([status, status]);
      await clock.advance(30_000);
      expect(beats).toEqual([0, 15_000, 30_000]);
      expect(said()).toEqual(['warn the heartbeat is not taken', 'info the heartbeat is taken']);
    },
  );

  it('is silent, not dead, after a defect in the judging of its wellness', async () => {
    const { clock, beats, said, patient } = beat();
    patient.wellness = new Error('a defect');
    await clock.advance(90_000);
    expect(beats).toEqual([0]);
    expect(said()).toEqual(['info the heartbeat is taken', 'error no heartbeat: whether all is well cannot be told']);
    patient.wellness = WELL;
    await clock.advance(15_000);
    expect(beats).toHaveLength(2);
  });
});

describe('the heartbeat on a real connection', () => {
  it('calls the whole address, and tells the log its host alone', async () => {
    await using server = await serveHttp((_, res) => res.end('OK'));
    const { said, log } = start(createManualClock(), { url: `${server.origin}/zebra?zebra=1` });
    await expect.poll(said).toEqual(['info the heartbeat is taken']);
    expect(server.received()).toContain('GET /zebra?zebra=1 HTTP/1.1');
    expect(log.text()).toContain(`127.0.0.1:${server.port}`);
    expect(log.text()).not.toContain('zebra');
  });

  it('tells no more of the address when nobody is there', async () => {
    const { said, log } = start(createManualClock(), {
      url: `http://zebra:zebra@127.0.0.1:${await findDeadPort()}/zebra`,
    });
    await expect.poll(said).toEqual(['warn the heartbeat is not taken']);
    expect(log.text()).toContain('nothing listens there');
    expect(log.text()).not.toContain('zebra');
  });

  it('gives an answer up after five seconds', async () => {
    await using server = await serveTcp(() => {});
    const clock = createManualClock();
    const { said } = start(clock, { url: server.origin });
    await expect.poll(() => server.received()).toContain('GET /');
    await clock.advance(4_999);
    expect(said()).toEqual([]);
    await clock.advance(1);
    await expect.poll(said).toEqual(['warn the heartbeat is not taken']);
  });

  it('ends while an answer is awaited, and leaves neither timer nor connection', async () => {
    await using server = await serveTcp(() => {});
    const clock = createManualClock();
    const { heartbeat, said } = start(clock, { url: server.origin });
    await expect.poll(() => server.received()).toContain('GET /');
    await heartbeat.stop();
    expect(said()).toEqual([]);
    expect(clock.sleeping()).toEqual([]);
    await expect.poll(() => server.sockets.size).toBe(0);
  });
});
