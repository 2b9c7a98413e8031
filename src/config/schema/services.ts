import { z } from 'zod';
import { durationSchema } from './values/duration.ts';
import { nameSchema, proseSchema } from './values/name.ts';
import { urlSchema } from './values/url.ts';

export const serviceSchema = z
  .strictObject({
    name: nameSchema('What the service is called in alerts.', 'website'),
    url: urlSchema('The address that is probed.', 'https://www.example.org/health'),
    dependsOn: nameSchema('The name of the database it needs.', 'main').optional(),
    impact: proseSchema('What people lose when it fails, in their words.', 'the site').optional(),
    every: durationSchema({
      description: 'How often it is probed while it is good; every 5s at least while it is not.',
      example: '15s',
      minMs: 1_000,
    }).prefault('15s'),
    timeout: durationSchema({
      description: 'An answer must begin within it: name, connection, TLS and headers, not the body.',
      example: '10s',
      minMs: 1_000,
    }).prefault('10s'),
  })
  .meta({ description: 'A web address to watch.', examples: [{ name: 'website', url: 'https://www.example.org/' }] });
