import type { REST } from '@discordjs/rest';
import { z } from 'zod';
import type { Log } from '../model/log.ts';
import { type Interaction, parseInteraction } from './interaction.ts';
import { createResponder, type Responder } from './responder.ts';

/** Takes raw interactions from the gateway: checked, each with its own responder, handed to the router. Never throws. */
export function createReceiver(options: {
  readonly rest: REST;
  readonly applicationId: string;
  readonly route: (interaction: Interaction, respond: Responder) => Promise<void>;
  readonly log: Log;
}): (raw: unknown) => void {
  const { rest, applicationId, route, log } = options;
  return (raw) => {
    const interaction = parseInteraction(raw);
    if (interaction) void route(interaction, createResponder(rest, applicationId, interaction));
    else void refuseUnread(raw);
  };

  /** A red "did not respond" tells the person less (contract.md, Discord, fine print 1). */
  async function refuseUnread(raw: unknown): Promise<void> {
    log.warn({}, 'an interaction in an unknown form was not acted on');
    const address = addressSchema.safeParse(raw);
    if (!address.success) return;
    try {
      await createResponder(rest, applicationId, address.data).refuse('Breakwater does not know what this asks for.');
    } catch (err) {
      log.error({ err }, 'an interaction in an unknown form could not be refused');
    }
  }
}

/** What it takes to answer at all. */
const addressSchema = z.object({ id: z.string(), token: z.string() });
