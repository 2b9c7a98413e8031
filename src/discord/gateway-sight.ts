import type { Clock } from '../model/clock.ts';
import type { Gateway } from './gateway.ts';

/** No heartbeat was acknowledged for so long: clicks and commands may not arrive any more. */
const SILENT_AFTER_MS = 60_000;

/** Whether the bot hears Discord, and since when not. */
export interface GatewaySight {
  /** Epoch milliseconds of the newest sign of life on whichever connection; null before the first. */
  acknowledgedAt(): number | null;
  blind(): { readonly since: number; readonly reason: string } | null;
}

/** Asked regularly: it remembers when the connection was first found missing. */
export function createGatewaySight(gateway: Pick<Gateway, 'lastHeartbeatAt'>, clock: Clock): GatewaySight {
  let lostAt: number | null = clock.now();
  let newestAt: number | null = null;
  function listen(): number | null {
    const heardAt = gateway.lastHeartbeatAt();
    newestAt = heardAt ?? newestAt;
    return heardAt;
  }
  return {
    acknowledgedAt() {
      listen();
      return newestAt;
    },
    blind() {
      const now = clock.now();
      const heardAt = listen();
      if (heardAt !== null && now - heardAt < SILENT_AFTER_MS) {
        lostAt = null;
        return null;
      }
      lostAt ??= heardAt ?? now;
      const reason = heardAt === null ? 'not connected to the gateway' : 'the gateway acknowledges no heartbeat';
      return { since: lostAt, reason: `${reason}: commands and clicks do not arrive` };
    },
  };
}
