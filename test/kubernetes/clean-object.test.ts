import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLog } from '../../src/kubernetes/capture-logs.ts';
import { cleanObject, cleanText } from '../../src/kubernetes/clean-object.ts';

const SECRET = 'hunter2-hunter2';

describe('an object as evidence', () => {
  it.each<[string, object]>([
    ['a variable of a telling name', { env: [{ name: 'POSTGRES_PASSWORD', value: SECRET }] }],
    ['one in lower case', { env: [{ name: 'github_pat_token', value: SECRET }] }],
    ['a password in an address', { env: [{ name: 'DATABASE_URL', value: `postgres://site:${SECRET}@db:5432/site` }] }],
    ['one that has the signs of an address', { env: [{ name: 'U', value: `postgres://site:a/b@${SECRET}@db/site` }] }],
    ['a connection string', { env: [{ name: 'CONN', value: `host=db password='my ${SECRET}' user=site` }] }],
    ['an argument', { args: [`--password=${SECRET}`] }],
    ['an argument after its flag', { command: ['pg', '--admin-password', SECRET] }],
    ['a script', { command: ['sh', '-c', `PGPASSWORD=${SECRET} psql`] }],
    ['a header of a probe', { httpHeaders: [{ name: 'Authorization', value: SECRET }] }],
    ['a bearer token', { message: `curl -H "Authorization: Bearer ${SECRET}"` }],
    ['an annotation of a telling name', { metadata: { annotations: { 'vault/token': SECRET } } }],
    ['attributes of a volume', { csi: { volumeAttributes: { accessKey: SECRET } } }],
    ['managed fields', { metadata: { managedFields: [{ fieldsV1: { [SECRET]: {} } }] } }],
  ])('is without %s, also as what was applied last', (_, object) => {
    expect(JSON.stringify(cleanObject(object))).not.toContain(SECRET);
    const applied = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object) };
    const cleaned = JSON.stringify(cleanObject({ metadata: { annotations: applied } }));
    expect(cleaned).not.toContain(SECRET);
    expect(cleaned).toContain('last-applied');
  });

  it('keeps everything else as it is', () => {
    const spec = {
      replicas: 0,
      paused: false,
      imagePullSecrets: [{ name: 'registry' }],
      env: [
        { name: 'PGDATABASE', value: 'site' },
        { name: 'PGPASSWORD', valueFrom: { secretKeyRef: { name: 'postgres', key: 'password' } } },
      ],
      args: ['--sessions', '3'],
    };
    const object = { metadata: { name: 'site', annotations: { team: 'web' }, labels: null }, spec };
    expect(cleanObject(object)).toEqual(object);
  });

  it('never has a value of a secret variable, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (value) => {
        const cleaned = cleanObject({ env: [{ name: 'API_KEY', value }] });
        expect(cleaned).toEqual({ env: [{ name: 'API_KEY', value: '[redacted]' }] });
      }),
    );
  });

  it('looks through no text without end', () => {
    expect(cleanText('secret'.repeat(100_000)).length).toBeLessThanOrEqual(4_000);
  });
});

describe('a log as evidence', () => {
  it('is without what the server logs of passwords', () => {
    const line = `STATEMENT:  ALTER ROLE site PASSWORD '${SECRET}'`;
    expect(cleanLog(`before\n${line}\nafter\n`)).toBe(
      'before\nSTATEMENT:  ALTER ROLE site PASSWORD [redacted]\nafter\n',
    );
  });

  it('keeps the newest whole lines that fit', () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `${index} ${'x'.repeat(90)}`);
    const cleaned = cleanLog(lines.join('\n')).split('\n');
    expect(cleaned.at(-1)).toBe(lines.at(-1));
    expect(cleaned.every((line) => lines.includes(line))).toBe(true);
    expect(cleaned.join('\n').length).toBeLessThanOrEqual(262_144);
    expect(cleaned.length).toBeGreaterThan(2_000);
  });
});
