import { z } from 'zod';
import { filePathSchema } from './values/file-path.ts';
import { nameSchema } from './values/name.ts';
import { hostSchema } from './values/network.ts';

const portSchema = (port: number) =>
  z
    .int()
    .min(1)
    .max(65_535)
    .prefault(port)
    .meta({ description: 'TCP port.', examples: [port] });

const sslSchema = z
  .strictObject({
    ca: filePathSchema(
      "The authority that signed the server's certificate (PEM); the system's unless given.",
      './ca.pem',
    ).optional(),
    cert: filePathSchema("The client's certificate (PEM), with key.", './client.pem').optional(),
    key: filePathSchema("The client certificate's key (PEM), with cert.", './client.key').optional(),
    rejectUnauthorized: z
      .boolean()
      .optional()
      .meta({ description: 'False accepts any certificate: only for a test.', examples: [true] }),
    serverName: nameSchema(
      "The name in the server's certificate, where it is not the host.",
      'postgres.example.org',
    ).optional(),
  })
  .meta({ description: 'TLS, verified in full. Plaintext when left out.', examples: [{ ca: './ca.pem' }] });

export const connectionSchema = z
  .strictObject({
    host: hostSchema('Host name or address of the server.', 'postgres.default.svc'),
    port: portSchema(5432),
    user: nameSchema("The bot's own role: pg_monitor and pg_signal_backend.", 'breakwater'),
    database: nameSchema('The database to log in to; the watch covers the whole server.', 'postgres').prefault(
      'postgres',
    ),
    ssl: sslSchema.optional(),
  })
  .meta({
    description: 'How to reach the server. The password comes from the environment, never from this file.',
    examples: [{ host: 'postgres.default.svc', user: 'breakwater' }],
  });

export const canarySchema = z
  .strictObject({
    user: nameSchema('An ordinary role, neither superuser nor holder of reserved slots.', 'canary'),
    database: nameSchema("The database it logs in to; the connection's unless given.", 'postgres').optional(),
  })
  .meta({
    description: 'Logs in as an application would, to see what applications see. Recommended.',
    examples: [{ user: 'canary', database: 'postgres' }],
  });

export const pgbouncerSchema = z
  .strictObject({
    connection: z
      .strictObject({
        host: hostSchema("Host name or address of PgBouncer's admin console.", 'pgbouncer.default.svc'),
        port: portSchema(6432),
        user: nameSchema('A user of admin_users.', 'breakwater'),
        ssl: sslSchema.optional(),
      })
      .meta({ description: 'The admin console.', examples: [{ host: 'pgbouncer.default.svc', user: 'breakwater' }] }),
  })
  .meta({
    description: 'The pooler in front of the server.',
    examples: [{ connection: { host: 'pgbouncer.default.svc', user: 'breakwater' } }],
  });
