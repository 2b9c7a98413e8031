import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadRules } from '../../src/alerts/rule-catalogue.ts';
import { configJsonSchema, type JsonSchema } from '../../src/config/json-schema.ts';
import { check, configOf, MINIMAL } from '../support/config.ts';

const EXAMPLE = readFileSync(new URL('../../breakwater.example.yaml', import.meta.url), 'utf8');
const ENV = {
  DISCORD_TOKEN: 'a',
  DATABASE_MAIN_PASSWORD: 'b',
  DATABASE_MAIN_CANARY_PASSWORD: 'c',
  PGBOUNCER_MAIN_PASSWORD: 'd',
  LINODE_TOKEN: 'e',
};

const rules = await loadRules();

it('loads', () => {
  const config = configOf(EXAMPLE, { env: ENV, rules });
  expect(config.databases[0].applications.map(({ name }) => name)).toEqual(['site', 'bot', 'metricity']);
  expect(config.databases[0].connection.ssl?.ca).toBe('/etc/breakwater/certificates/ca.pem');
});

it('loads with the rules there are, and shows each of them', () => {
  expect(check(EXAMPLE, { env: ENV, rules })).toMatchObject({ ok: true });
  const missing = rules.map(({ id }) => id).filter((id) => !EXAMPLE.includes(`${id}: {`));
  expect(missing, 'add them under databases[].alerts in breakwater.example.yaml').toEqual([]);
});

it('is not the smallest one: that stands in the README, and loads', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const source = yaml.replaceAll(/^ {3}/gm, '');
  const env = { DISCORD_TOKEN: 't', DATABASE_MAIN_PASSWORD: 'p', DATABASE_MAIN_CANARY_PASSWORD: 'c' };
  expect(check(source, { env })).toMatchObject({ ok: true });
});

it('shows every key there is', () => {
  const missing = keysOf(configJsonSchema(rules)).filter((key) => !new RegExp(`(^|[\\s{])${key}:`, 'm').test(EXAMPLE));
  expect(missing).toEqual([]);
});

it('shows the defaults as they are', () => {
  const { discord, linode, databases, services } = configOf(EXAMPLE, { env: ENV, rules });
  const smallest = configOf(MINIMAL);
  expect(discord.apiUrl).toBe(smallest.discord.apiUrl);
  expect(discord.breakGlassAfterMs).toBe(smallest.discord.breakGlassAfterMs);
  expect(linode).toEqual(smallest.linode);
  expect(databases[0].protect).toEqual(smallest.databases[0].protect);
  expect(databases[0].sampling).toEqual(smallest.databases[0].sampling);
  const [unset] = configOf(`${MINIMAL}services: [{ name: a, url: "https://x.example" }]\n`).services;
  expect(services[0]).toMatchObject({ everyMs: unset?.everyMs, timeoutMs: unset?.timeoutMs });
});

it('is valid for an editor, and the schema says so of nothing that the loader refuses', () => {
  const validate = new Ajv({ strict: false }).compile(configJsonSchema(rules));
  expect(validate(parse(EXAMPLE)), JSON.stringify(validate.errors)).toBe(true);
  expect(validate(parse(MINIMAL))).toBe(true);
  expect(validate(parse(MINIMAL.replace('"100000000000000001"', '100000000000000001')))).toBe(false);
  expect(validate(parse(`${MINIMAL}jurnal: {}`))).toBe(false);
});

it('tells an editor what every key is for, with an example that is valid', () => {
  const check = (schema: JsonSchema, path: string): readonly string[] => [
    ...(schema.description === undefined ? [`${path} has no description`] : []),
    ...(path === '' || schema.examples?.every(isValid(schema)) === true ? [] : [`${path} has no valid example`]),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, child]) => check(child, `${path}.${key}`)),
    ...(schema.items === undefined ? [] : check(schema.items, `${path}[]`)),
  ];
  expect(check(configJsonSchema(rules), '')).toEqual([]);
});

function isValid(schema: JsonSchema): (example: unknown) => boolean {
  const validate = new Ajv({ strict: false }).compile(schema);
  return (example) => validate(example);
}

function keysOf(schema: JsonSchema): readonly string[] {
  const below = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  return [...Object.keys(schema.properties ?? {}), ...below.flatMap(keysOf)];
}
