import { z } from 'zod';
import type { RuleDescription } from '../../model/rule-options.ts';
import { kubernetesSchema, linodeSchema } from './cluster.ts';
import { databaseSchema } from './database.ts';
import { discordSchema } from './discord.ts';
import { heartbeatSchema, httpSchema } from './http.ts';
import { journalSchema } from './journal.ts';
import { serviceSchema } from './services.ts';

/** The whole file (contract.md, "Configuration"). Strict: a key that is not here is a fault. */
export function rootSchema(rules: readonly RuleDescription[]) {
  return z
    .strictObject({
      discord: discordSchema,
      journal: journalSchema,
      kubernetes: kubernetesSchema.optional(),
      linode: linodeSchema,
      http: httpSchema.optional(),
      heartbeat: heartbeatSchema.optional(),
      databases: z
        .array(databaseSchema(rules))
        .min(1)
        .meta({
          description: 'The watched servers, at least one.',
          examples: [[{ name: 'main', connection: { host: 'postgres.default.svc', user: 'breakwater' } }]],
        }),
      services: z
        .array(serviceSchema)
        .prefault([])
        .meta({
          description: 'Web addresses to watch.',
          examples: [[{ name: 'website', url: 'https://www.example.org/' }]],
        }),
    })
    .meta({ title: 'Breakwater configuration', description: 'breakwater.yaml' });
}

export type ConfigFile = z.output<ReturnType<typeof rootSchema>>;
