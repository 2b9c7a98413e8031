import { describe, expect, it, onTestFinished } from 'vitest';
import { type Conduct, createSandboxService } from '../../../sandbox/services/create-sandbox-service.ts';
import { probeService } from '../../../src/probes/probe-service.ts';
import { createManualClock } from '../../support/manual-clock.ts';

async function start(conduct?: Conduct) {
  const service = await createSandboxService(conduct);
  onTestFinished(() => service.close());
  return service;
}

function probe(url: string, clock = createManualClock()) {
  return probeService(url, { timeoutMs: 10_000, clock });
}

describe('a service of a drill', () => {
  it('answers what it was told to', async () => {
    const service = await start();
    expect((await probe(service.url)).status).toBe(200);
    service.answer(524);
    expect((await probe(service.url)).status).toBe(524);
    service.answer('cut');
    expect((await probe(service.url)).verdict).toBe('cut');
    expect(service.requests()).toBe(3);
  });

  it('hangs until it is told to answer', async () => {
    const service = await start('hang');
    const clock = createManualClock();
    const given = probe(service.url, clock);
    await expect.poll(() => service.requests()).toBe(1);
    await clock.advance(10_000);
    expect((await given).verdict).toBe('timeout');

    const answered = probe(service.url);
    await expect.poll(() => service.requests()).toBe(2);
    service.answer(503);
    expect((await answered).status).toBe(503);
  });

  it('goes down and comes back at the same address', async () => {
    const service = await start();
    await service.down();
    expect((await probe(service.url)).verdict).toBe('refused');
    await service.up();
    expect((await probe(service.url)).verdict).toBe('good');
  });

  it('can be closed while a request hangs', async () => {
    const service = await createSandboxService('hang');
    const given = probe(service.url);
    await expect.poll(() => service.requests()).toBe(1);
    await service.close();
    expect((await given).verdict).toBe('cut');
  });
});
