import type { Command } from '../../src/discord/command.ts';
import { parseInteraction } from '../../src/discord/interaction.ts';
import type { Responder } from '../../src/discord/responder.ts';
import { createRouter } from '../../src/discord/router.ts';
import type { Clock } from '../../src/model/clock.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { fakeOperations } from '../support/operations.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

/** A router in front of one person's screen: `seen` is what the bot did with the interactions, in order. */
export function createRouting(commands: Readonly<Record<string, Command>>, clock: Clock = createManualClock()) {
  const log = createRecordedLog();
  const seen: string[] = [];
  const stopping = new AbortController();
  const route = createRouter({
    guildId: 'guild',
    isPublicPlace: (channelId) => channelId === 'alerts' || channelId === 'thread',
    roles: { observe: ['o'], respond: ['r'], recover: ['x'] },
    registry: { commands: new Map(Object.entries(commands)), groups: new Map([['db', 'Databases']]) },
    operations: fakeOperations(),
    clock,
    log,
    newReference: () => 'ref1',
    signal: stopping.signal,
  });
  return {
    seen,
    log,
    stop: () => stopping.abort(),
    /** Routes an interaction of somebody who may respond, in the alert channel, unless `raw` says otherwise. */
    send: async (raw: object): Promise<void> => {
      const interaction = parseInteraction({
        id: '1',
        token: 't',
        guild_id: 'guild',
        channel_id: 'alerts',
        member: { user: { id: 'm' }, roles: ['r'] },
        ...raw,
      });
      if (interaction === null) throw new Error('the test sends what the bot cannot read');
      await route(interaction, createScreen(seen));
    },
  };
}

const PLACE = { channelId: 'alerts', messageId: '7', visibility: 'public' } as const;

function createScreen(seen: string[]): Responder {
  return {
    refuse: async (text) => void seen.push(`refused: ${text}`),
    deferAnswer: async (visibility) => void seen.push(`deferred ${visibility}`),
    deferEdit: async () => void seen.push('deferred edit'),
    openForm: async ({ custom_id: id, title }) => void seen.push(`opened ${id}: ${title}`),
    async complete({ content }) {
      seen.push(`completed: ${content}`);
      return PLACE;
    },
    async showProgress({ content }) {
      seen.push(`progress: ${content}`);
      return PLACE;
    },
    refuseLate: async (text, deferred) => void seen.push(`refused after ${deferred}: ${text}`),
    suggest: async (choices) => void seen.push(`suggested: ${choices.join(',')}`),
  };
}

/** `/db status` or another, with options. */
export function slash(name: string, given: Readonly<Record<string, string>> = {}, parts: object = {}): object {
  const [top, sub] = name.split(' ');
  const options = Object.entries(given).map(([key, value]) => ({ name: key, type: 3, value }));
  return { type: 2, data: { name: top, options: [{ name: sub, type: 1, options }] }, ...parts };
}

/** A button of message 7. */
export const click = (id: string, parts: object = {}): object => ({
  type: 3,
  data: { custom_id: id },
  message: { id: '7' },
  ...parts,
});

/** A form that was filled in; of a button of message 7 unless `parts` takes it away. */
export function submit(id: string, fields: Readonly<Record<string, string>>, parts: object = {}): object {
  const components = Object.entries(fields).map(([custom_id, value]) => ({
    type: 18,
    component: { type: 4, custom_id, value },
  }));
  return { type: 5, data: { custom_id: id, components }, message: { id: '7' }, ...parts };
}

export const holding = (...roles: string[]): object => ({ member: { user: { id: 'm' }, roles } });
