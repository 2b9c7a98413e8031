import { z } from 'zod';
import type { RuleDescription } from '../../model/rule-options.ts';
import { alertsSchema } from './alerts.ts';
import { applicationSchema } from './application.ts';
import { canarySchema, connectionSchema, pgbouncerSchema } from './connection.ts';
import { durationSchema } from './values/duration.ts';
import { filePathSchema } from './values/file-path.ts';
import { nameSchema } from './values/name.ts';
import { referenceSchema, workloadSchema } from './values/workload.ts';
import { volumeSchema } from './volume.ts';

/** Backup and migration tools: ending their sessions half-way does more harm than a full server (product.md §6). */
const PROTECTED = [
  'pg_dump',
  'pg_dumpall',
  'pg_restore',
  'pg_basebackup',
  'pg_receivewal',
  'pgbackrest',
  'barman',
  'wal-g',
  'alembic',
  'flyway',
  'liquibase',
];

const samplingSchema = z
  .strictObject({
    calm: durationSchema({ description: 'Between samples while nothing is near.', example: '5s' }).prefault('5s'),
    fast: durationSchema({ description: 'Between samples near a threshold.', example: '250ms' }).prefault('250ms'),
  })
  .prefault({})
  .meta({ description: 'How often the server is asked.', examples: [{ calm: '5s', fast: '250ms' }] });

const backupSchema = z
  .strictObject({
    cronJob: referenceSchema({
      description: 'What makes the backups.',
      example: 'default/cronjob/backup',
      kinds: ['cronjob'],
    }),
    maxAge: durationSchema({
      description: 'A backup older than this is stale.',
      example: '26h',
      maxMs: 366 * 86_400_000,
    }).prefault('26h'),
  })
  .meta({
    description: 'Backups, which recoveries want to see first.',
    examples: [{ cronJob: 'default/cronjob/backup' }],
  });

/** One watched server; the rules say what may stand under `alerts`. */
export function databaseSchema(rules: readonly RuleDescription[]) {
  return z
    .strictObject({
      name: nameSchema('What the database is called everywhere; its secrets are named after it.', 'main'),
      connection: connectionSchema,
      canary: canarySchema.optional(),
      sampling: samplingSchema,
      alerts: alertsSchema(rules),
      applications: z
        .array(applicationSchema)
        .prefault([])
        .meta({
          description: 'Who holds connections; the rest are named by user.',
          examples: [[{ name: 'site', match: { user: 'site' } }]],
        }),
      protect: z
        .array(nameSchema('An application_name.', 'pg_dump'))
        .prefault(PROTECTED)
        .meta({
          description: 'Sessions with these application names are never ended.',
          examples: [['pg_dump', 'alembic']],
        }),
      workload: workloadSchema(
        'The Deployment or StatefulSet that runs the server.',
        'default/deployment/postgres',
      ).optional(),
      claim: referenceSchema({
        description: "The claim of the server's volume.",
        example: 'default/persistentvolumeclaim/postgres-storage',
        kinds: ['persistentvolumeclaim'],
      }).optional(),
      manifest: filePathSchema(
        'The manifest to apply again when nothing was captured.',
        './manifests/postgres.yaml',
      ).optional(),
      dependents: z
        .array(workloadSchema('A workload that needs the database.', 'default/deployment/site'))
        .prefault([])
        .meta({
          description: 'Released in this order after a recovery, held in reverse.',
          examples: [['default/deployment/site']],
        }),
      volume: volumeSchema.optional(),
      backup: backupSchema.optional(),
      pgbouncer: pgbouncerSchema.optional(),
    })
    .meta({
      description: 'One watched PostgreSQL server.',
      examples: [{ name: 'main', connection: { host: 'postgres.default.svc', user: 'breakwater' } }],
    });
}
