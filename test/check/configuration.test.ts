import { expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { EVERYTHING, facts, told } from './facts.ts';

const { discord, databases } = EVERYTHING;
const roles = (parts: Partial<Config['discord']['roles']>): Partial<Config> => ({
  discord: { ...discord, roles: { ...discord.roles, ...parts } },
});

it.each<[string, Partial<Config>, readonly (readonly [string, string])[]]>([
  [
    'nobody may recover',
    roles({ recover: [] }),
    [['warning access-levels · roles.recover', 'discord:\n  roles: { recover: ["<role id>"] }']],
  ],
  [
    'nobody may do anything',
    roles({ respond: [], recover: [] }),
    [
      ['warning access-levels · roles.respond', 'discord:\n  roles: { respond: ["<role id>"] }'],
      ['warning access-levels · roles.recover', 'discord:\n  roles: { recover: ["<role id>"] }'],
    ],
  ],
  [
    'no on-call role',
    roles({ onCall: undefined }),
    [['warning optional-parts · roles.onCall', 'discord:\n  roles: { onCall: "<role id>" }']],
  ],
  [
    'no fallback webhook',
    { secrets: { ...EVERYTHING.secrets, discordFallbackWebhookUrl: undefined } },
    [
      [
        'warning optional-parts · fallback webhook',
        'In Discord: the alert channel → Edit Channel → Integrations → Webhooks → New Webhook → Copy URL; put it into DISCORD_FALLBACK_WEBHOOK_URL.',
      ],
    ],
  ],
  [
    'no heartbeat',
    { heartbeat: undefined },
    [['warning optional-parts · heartbeat', 'heartbeat: { url: "https://<your dead-man\'s switch>", every: 60s }']],
  ],
  [
    'no canary',
    { databases: [{ ...databases[0], canary: undefined }] },
    [
      [
        'warning optional-parts · main: canary',
        'canary: { user: canary }   # under the database main\n# the role: breakwater setup-sql --database main',
      ],
    ],
  ],
  [
    'no pod networks, where the nodes tell theirs',
    { kubernetes: { kubeconfig: undefined, podCidrs: [], excludeAddresses: [] } },
    [
      [
        'warning optional-parts · kubernetes.podCidrs',
        'kubernetes:\n  podCidrs: ["<the cluster\'s pod network>"]\n# a proposal stands under "pod-networks"',
      ],
      [
        'warning pod-networks · podCidrs',
        'kubernetes:\n  podCidrs: ["10.2.0.0/23"]\n# from the nodes; wider where the cluster will grow beyond it',
      ],
    ],
  ],
])('%s', (_, parts, expected) => {
  expect(told(facts({ config: { ...EVERYTHING, ...parts } }))).toEqual(expected);
});
