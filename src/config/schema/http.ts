import { z } from 'zod';
import { durationSchema } from './values/duration.ts';
import { listenSchema } from './values/network.ts';
import { urlSchema } from './values/url.ts';

export const httpSchema = z
  .strictObject({
    listen: listenSchema('host:port for /livez, /readyz, /metrics and the webhooks.', '0.0.0.0:8080').prefault(
      '0.0.0.0:8080',
    ),
  })
  .meta({
    description: 'Health, metrics and incoming webhooks. Not served when left out.',
    examples: [{ listen: '0.0.0.0:8080' }],
  });

export const heartbeatSchema = z
  .strictObject({
    url: urlSchema("A dead-man's switch elsewhere, called while all is well.", 'https://hc.example.org/ping'),
    every: durationSchema({ description: 'How often it is called.', example: '60s', minMs: 1_000 }).prefault('60s'),
  })
  .meta({
    description: 'Says outwards, while all is well, that the bot is alive and of use; silent while it is not.',
    examples: [{ url: 'https://hc.example.org/ping', every: '60s' }],
  });
