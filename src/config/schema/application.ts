import { z } from 'zod';
import { nameSchema, proseSchema } from './values/name.ts';
import { workloadSchema } from './values/workload.ts';

const matchSchema = z
  .strictObject({
    user: nameSchema('The role it logs in as.', 'site').optional(),
    database: nameSchema('The database it uses.', 'site').optional(),
    applicationName: nameSchema('Its application_name.', 'gunicorn').optional(),
  })
  .meta({
    description: 'Which sessions are its own: all that is given must fit; the first entry that matches wins.',
    examples: [{ user: 'site' }],
  });

export const applicationSchema = z
  .strictObject({
    name: nameSchema('What the application is called in alerts.', 'site'),
    match: matchSchema,
    limit: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'Connections at which its alert fires.', examples: [32] }),
    workload: workloadSchema('What runs it.', 'default/deployment/site').optional(),
    impact: proseSchema('What people lose when it fails, in their words.', 'site, API, moderation').optional(),
  })
  .meta({
    description: 'A named owner of connections.',
    examples: [{ name: 'site', match: { user: 'site' }, limit: 32 }],
  });
