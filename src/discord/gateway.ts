import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { createDoorbell } from '../time/doorbell.ts';
import { decideAfterLoss } from './gateway-close.ts';
import { type GatewaySession, type Loss, openGatewayConnection } from './gateway-connection.ts';
import { createGatewayDirectory } from './gateway-directory.ts';
import { createRest } from './rest.ts';

/** The bot's place at Discord's gateway, kept for ever: one connection after another (facts.md, Discord 2 and 4). */
export interface Gateway {
  /** Epoch milliseconds of the last sign of life; null while not connected. */
  lastHeartbeatAt(): number | null;
  stop(): Promise<void>;
}

const BACKOFF_MS = { first: 500, most: 30_000 } as const;
const WATCH_EVERY_MS = 5_000;
/** Discord asks for a heartbeat each 41 s; the library itself notices a dead connection only after 70–115 s. */
const SILENT_AFTER_MS = 60_000;
const CONNECT_WITHIN_MS = 30_000;
/** How long a goodbye may take: a black hole never answers it. */
const GOODBYE_MS = 500;

export function createGateway(options: {
  readonly apiUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A raw INTERACTION_CREATE, unchecked. */
  readonly onInteraction: (raw: unknown) => void;
  /** Connected, the first time and after each loss. */
  readonly onConnected: () => void;
  /** Nothing can mend it from here; the text is for people. Called at most once. */
  readonly onFatal: (reason: string) => void;
}): Gateway {
  const { apiUrl, token, clock, log, onInteraction, onConnected, onFatal } = options;
  const directory = createGatewayDirectory(createRest({ apiUrl, token }), clock);
  const stopping = new AbortController();
  const { signal } = stopping;
  const news = createDoorbell(clock);
  let session: GatewaySession | null = null;
  let heartbeatAt: number | null = null;

  async function keepConnected(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const found = await directory.look({ resuming: session !== null, signal });
      const end = found.ok ? await connectOnce(found.information, () => (failures = 0)) : found.end;
      if (signal.aborted) return;
      if (end.kind === 'fatal') {
        onFatal(end.reason);
        return;
      }
      const backoffMs = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** failures);
      const againMs = Math.max(backoffMs, end.retryAfterMs ?? 0);
      log.warn({ reason: end.reason, againMs }, 'not connected to Discord');
      failures += 1;
      await clock.sleep(againMs, signal);
    }
  }

  /** From the first packet to the loss of one connection. */
  async function connectOnce(
    information: Parameters<typeof openGatewayConnection>[0]['information'],
    onSuccess: () => void,
  ): Promise<ReturnType<typeof decideAfterLoss>> {
    let ready = false;
    let loss: Loss | null = null;
    const beginsAt = clock.now();
    const connection = openGatewayConnection({
      token,
      information,
      session,
      waitForIdentify: (aborted) => directory.waitForIdentify(aborted),
      onInteraction,
      onSession: (next) => (session = next),
      onHeartbeat: () => (heartbeatAt = clock.now()),
      onReady() {
        heartbeatAt = clock.now();
        if (ready) return;
        ready = true;
        onSuccess();
        onConnected();
      },
      onLost(lost) {
        loss = lost;
        news.ring();
      },
    });
    while (loss === null && !signal.aborted) {
      const silentMs = clock.now() - (heartbeatAt ?? beginsAt);
      if (silentMs >= (ready ? SILENT_AFTER_MS : CONNECT_WITHIN_MS)) {
        loss = { kind: 'failed', reason: `no ${ready ? 'heartbeat' : 'answer'} for ${Math.round(silentMs / 1_000)} s` };
      } else await news.wait(WATCH_EVERY_MS);
    }
    heartbeatAt = null;
    const said = new AbortController();
    await connection.end(signal.aborted ? clock.sleep(GOODBYE_MS, said.signal) : null);
    said.abort();
    return decideAfterLoss(loss ?? { kind: 'failed', reason: 'stopping' });
  }

  const running = keepConnected();
  return {
    lastHeartbeatAt: () => heartbeatAt,
    async stop() {
      stopping.abort();
      news.ring();
      await running;
    },
  };
}
