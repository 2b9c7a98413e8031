import type { REST } from 'discord.js';
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
    if (interaction === null) log.warn({}, 'an interaction in an unknown form was dropped');
    else void route(interaction, createResponder(rest, applicationId, interaction));
  };
}
