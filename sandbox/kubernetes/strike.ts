import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../src/model/clock.ts';
import { send } from './api/http/exchange.ts';
import type { FaultsInside } from './faults.ts';
import { isLost, spoil } from './spoil.ts';

/** Answers a request with whatever faults strike it; `handle` is the server's own answer. */
export async function strike(
  { faults, clock, closing }: { readonly faults: FaultsInside; readonly clock: Clock; readonly closing: AbortSignal },
  request: IncomingMessage,
  response: ServerResponse,
  handle: (response: ServerResponse) => Promise<void>,
): Promise<void> {
  const struck = faults.strike(request.method ?? 'GET', request.url ?? '/');
  for (const fault of struck) {
    if (fault.kind === 'slow') await clock.sleep(fault.ms, closing);
    if (fault.kind !== 'hang') continue;
    if (fault.when === 'after') await handle(asUnheard(response));
    await faults.ended(fault);
    if (fault.when === 'after') return void request.socket.destroy();
  }
  // Whom nobody waits for any more does nothing: else a hung write would come true when the server ends.
  if (response.destroyed || closing.aborted) return;
  const lost = struck.find(isLost);
  if (lost === undefined) return handle(response);
  if ('when' in lost && lost.when === 'after') await handle(asUnheard(response));
  if (lost.kind === 'drop') request.socket.destroy();
  else send(response, spoil(lost, request));
}

/** Takes the answer and keeps it to itself. */
function asUnheard(response: ServerResponse): ServerResponse {
  return Object.create(response, {
    writeHead: { value: () => response },
    end: { value: () => response },
    write: { value: () => true },
    flushHeaders: { value: () => undefined },
  }) as ServerResponse;
}
