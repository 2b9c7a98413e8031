import { expect, it } from 'vitest';
import { faultsOf, MINIMAL } from '../support/config.ts';

/** The smallest file with one line changed or one added at its end. */
const edit = (from: string, to: string) => MINIMAL.replace(from, to);
const add = (text: string) => MINIMAL + text;

it.each([
  [
    'an unquoted snowflake',
    edit('"100000000000000001"', '123456789012345678'),
    '2:18 discord.applicationId: 123456789012345678 is a number without quotes and so loses digits: write it in quotes, "123456789012345678"',
  ],
  [
    'an unquoted snowflake in a list',
    edit('roles: {}', 'roles: { recover: [123456789012345678] }'),
    '5:22 discord.roles.recover[0]: 123456789012345678 is a number without quotes and so loses digits: write it in quotes, "123456789012345678"',
  ],
  [
    'a missing key, at its parent',
    edit('  guildId: "100000000000000002"\n', ''),
    '1:1 discord.guildId: is missing: write guildId: "100000000000000002"',
  ],
  [
    'a missing section',
    MINIMAL.slice(MINIMAL.indexOf('databases')),
    '1:1 discord: is missing: write discord: { applicationId: "100000000000000001", guildId: "100000000000000002", channels: { alerts: "100000000000000003" }, roles: { recover: ["100000000000000007"] } }',
  ],
  ['an unknown key', add('jurnal: { sqlite: a.db }\n'), '9:1 jurnal: is an unknown key: did you mean journal?'],
  [
    'a key in another case',
    edit('guildId', 'guild_id'),
    '3:3 discord.guild_id: is an unknown key: did you mean guildId?',
  ],
  [
    'a key in the wrong place',
    add('podCidrs: []\n'),
    '9:1 podCidrs: is an unknown key here: did you mean kubernetes.podCidrs?',
  ],
  [
    'a duration without a unit',
    add('heartbeat: { url: "https://x.example", every: 60 }\n'),
    '9:47 heartbeat.every: 60 has no unit: write 60s for seconds; the units are ms, s, m, h, d',
  ],
  [
    'an interval that would be an attack',
    add('services: [{ name: a, url: "https://x.example", every: 100ms }]\n'),
    '9:56 services[0].every: "100ms" is too short: write at least 1s, as in 15s',
  ],
  [
    'a duration in words',
    edit('roles: {}', 'roles: {}\n  breakGlassAfter: 2 minutes'),
    '6:20 discord.breakGlassAfter: "2 minutes" is no duration: write one number and its unit (ms, s, m, h, d), as in 2m',
  ],
  [
    'a port in quotes',
    edit('user:', 'port: "5432", user:'),
    '8:53 databases[0].connection.port: "5432" is a text: write 5432 without quotes',
  ],
  [
    'a port that is none',
    edit('user:', 'port: 70000, user:'),
    '8:53 databases[0].connection.port: 70000 is too big: write 65535 or less, as in 5432',
  ],
  [
    'a port in the host',
    edit('postgres.example.org', 'postgres.example.org:5432'),
    '8:25 databases[0].connection.host: "postgres.example.org:5432" has a port in it: write the host alone, as in postgres.default.svc, and the port under port',
  ],
  [
    'ssl as a switch',
    edit('user:', 'ssl: true, user:'),
    '8:52 databases[0].connection.ssl: true is a truth value where keys belong: write them, as in { ca: ./ca.pem }',
  ],
  [
    'a certificate without its key',
    edit('user:', 'ssl: { cert: c.pem }, user:'),
    '8:54 databases[0].connection.ssl.cert: is of no use without key: write key: ./client.key too',
  ],
  [
    'a workload without its namespace',
    add('    workload: deployment/postgres\n'),
    '9:15 databases[0].workload: "deployment/postgres" is no reference to a deployment or statefulset: write namespace/kind/name in lower case, as in default/deployment/postgres',
  ],
  [
    'a short kind',
    add('    dependents: [default/deploy/site]\n'),
    '9:18 databases[0].dependents[0]: "default/deploy/site" has a short kind: write deployment in full, as in default/deployment/site',
  ],
  [
    'the database among its own dependents',
    add('    workload: a/deployment/pg\n    dependents: [a/deployment/pg]\n'),
    `10:18 databases[0].dependents[0]: "a/deployment/pg" is the database's own workload: list only what depends on it`,
  ],
  [
    'a dependent listed twice',
    add('    dependents: [a/deployment/b, a/deployment/b]\n'),
    '9:34 databases[0].dependents[1]: "a/deployment/b" is taken by an earlier entry: write each once',
  ],
  [
    'a service that depends on no database',
    add('services: [{ name: web, url: "https://x.example", dependsOn: mian }]\n'),
    '9:62 services[0].dependsOn: "mian" is no database of this file: did you mean "main"?',
  ],
  [
    'a database without a name of its own',
    add('  - { name: main, connection: { host: b, user: c } }\n'),
    '9:13 databases[1].name: "main" is taken by another database: write another name',
  ],
  [
    'no database',
    `${MINIMAL.slice(0, MINIMAL.indexOf('databases'))}databases: []\n`,
    '6:12 databases: is an empty list: write at least one entry, as in [{ name: main, connection: { host: postgres.default.svc, user: breakwater } }]',
  ],
  [
    'an application limit of nothing',
    add('    applications: [{ name: a, match: { user: a }, limit: 0 }]\n'),
    '9:58 databases[0].applications[0].limit: 0 is too small: write 1 or more, as in 32',
  ],
  [
    'an application that would take every session',
    add('    applications: [{ name: a, match: {} }]\n'),
    '9:31 databases[0].applications[0].match: matches every session: write at least one of user, database, applicationName',
  ],
  [
    'a fast interval slower than the calm one',
    add('    sampling: { calm: 1s, fast: 2s }\n'),
    '9:33 databases[0].sampling.fast: "2s" is slower than calm ("1s"): write a shorter one',
  ],
  [
    'a calm interval below the fast default',
    add('    sampling: { calm: 100ms }\n'),
    '9:23 databases[0].sampling.calm: "100ms" is shorter than fast ("250ms"): write a longer one, or a shorter fast',
  ],
  [
    'two journals',
    add('journal: { sqlite: a.db, kubernetes: { namespace: b } }\n'),
    '9:26 journal.kubernetes: stands beside sqlite: keep one of the two',
  ],
  [
    'an approval of another kind',
    edit('roles: {}', 'roles: {}\n  approval: typd'),
    '6:13 discord.approval: "typd" is not known here: did you mean typed? write two-person or typed',
  ],
  [
    'a web address without https',
    add('services: [{ name: a, url: x.example }]\n'),
    '9:28 services[0].url: "x.example" is no web address: write one that starts with https:// or http://, as in "https://www.example.org/health"',
  ],
  [
    'a list that is none',
    add('services: web\n'),
    '9:11 services: "web" is a text where a list belongs: write it in brackets or with dashes, as in [{ name: website, url: "https://www.example.org/" }]',
  ],
  [
    'the same key twice',
    add('services: []\nservices: []\n'),
    '10:1 services: stands here a second time: keep one of the two',
  ],
])('says what is wrong with %s', (_what, source, expected) => {
  expect(faultsOf(source)).toEqual([expected]);
});

it.each([
  ['a tab', 'journal:\n\tsqlite: a.db\n', '10:1 : is indented with a tab: use spaces'],
  ['two keys on a line', 'journal: sqlite: a.db\n', '9:10 journal.sqlite: has two keys on one line'],
  [
    'a bracket that is not closed',
    'journal: { sqlite: a.db\n',
    '9:23 journal.sqlite: is indented wrongly, or a bracket before it is not closed',
  ],
  ['a second document', '---\nservices: []\n', ': starts a second document'],
  ['an unknown anchor', 'services: *none\n', '9:11 services: names an anchor that the file has not set'],
  ['an alias that contains itself', 'services: &a [*a]\n', 'look for an alias that contains itself'],
])('says what is wrong with %s', (_what, text, expected) => {
  expect(faultsOf(add(text)).join('\n')).toContain(expected);
});

it('complains once where the parser loses its way, not of every word that follows', () => {
  expect(faultsOf(edit('  applicationId:', ' ]( '))).toEqual([
    '2:2 : is not expected here: check the indentation, colons and quotes before it',
  ]);
});

it('looks at what stands under a misspelt key', () => {
  const source = MINIMAL.replace('databases:', 'database:').replace('user:', 'port: none, user:');
  expect(faultsOf(source, { env: { DISCORD_TOKEN: 'x' } })).toEqual([
    '6:1 database: is an unknown key: did you mean databases?',
    expect.stringContaining('8:5 databases[0].connection: needs DATABASE_MAIN_PASSWORD'),
    expect.stringContaining('8:53 databases[0].connection.port: "none" is a text where a whole number belongs'),
  ]);
});

it('reports everything at once, in file order', () => {
  const source = `discord:
  applicationId: 100000000000000001
  guildId: "100000000000000002"
  chanels: { alerts: "100000000000000003" }
  roles: {}
databases:
  - name: main
    connection: { host: a, user: b, password: hunter22 }
    sampling: { calm: 1s, fast: 5 }
    alerts: { connections-total: { clear: "95%" }, nonsense: {} }
    dependents: [site]
services: [{ name: web, url: "https://x.example", dependsOn: other }]
journal: { sqlite: "unclosed }
`;
  const places = faultsOf(source, { env: {} }).map((fault) => fault.slice(0, fault.indexOf(': ')));
  expect(places).toEqual([
    '1:1 discord', // no DISCORD_TOKEN
    '2:18 discord.applicationId',
    '4:3 discord.chanels',
    '8:5 databases[0].connection', // no DATABASE_MAIN_PASSWORD
    '8:37 databases[0].connection.password',
    '9:33 databases[0].sampling.fast',
    '10:43 databases[0].alerts.connections-total.clear',
    '10:52 databases[0].alerts.nonsense',
    '11:18 databases[0].dependents[0]',
    '12:62 services[0].dependsOn',
    expect.stringMatching(/^13:/), // the quote that is never closed
  ]);
});

it('does not call missing what broken YAML may only hide', () => {
  const source = MINIMAL.replace('"100000000000000001"', '"100000000000000001');
  expect(faultsOf(source).filter((fault) => fault.includes('is missing'))).toEqual([]);
  expect(faultsOf(source).length).toBeGreaterThan(0);
});

it('names everything that an empty file lacks', () => {
  expect(faultsOf('', { env: {} })).toEqual([
    expect.stringContaining('1:1 discord: needs DISCORD_TOKEN'),
    expect.stringContaining('1:1 discord: is missing'),
    expect.stringContaining('1:1 databases: is missing'),
  ]);
});

it("keeps the bot's own name for the bot: alerts would tell the two apart no more", () => {
  expect(faultsOf(edit('name: main', 'name: breakwater'))).toContain(
    '7:11 databases[0].name: "breakwater" stands for Breakwater itself in alerts: write another name, as in main',
  );
});
