import { dirname } from 'node:path';
import { createSandboxDiscord, type SandboxDiscord } from '../discord/create-sandbox-discord.ts';
import { createPlayer, type Player } from '../players/create-player.ts';
import { type Ledger, openLedger } from '../players/ledger.ts';
import { choosePort } from '../postgres/choose-port.ts';
import { type RunningPostgres, startPostgres } from '../postgres/start-postgres.ts';
import { PASSWORDS, writeBotEnvironment } from './bot-environment.ts';
import { type BotLives, createBotLives } from './bot-lives.ts';
import type { BotProcess } from './bot-process.ts';
import { CAST, LEAKING_PODS } from './cast.ts';
import { asPod } from './cluster/as-pod.ts';
import { POD_NETWORK, type StageCluster, setCluster } from './cluster/set-cluster.ts';
import { createObserver, type Observer } from './observer.ts';
import { createSimulatedTime, REAL_TIME, type SimulatedTime } from './simulated-time.ts';
import type { StageOptions } from './stage-options.ts';

/** Everything a scenario plays on: a Discord, a PostgreSQL with its clients, and the real bot between them. */
export interface Stage {
  readonly discord: SandboxDiscord;
  readonly postgres: RunningPostgres;
  /** The newest of the bot's lives. */
  readonly bot: BotProcess;
  readonly lives: BotLives;
  readonly observer: Observer;
  /** Null where the server and its applications run outside of one. */
  readonly cluster: StageCluster | null;
  /** The pods of an application by name; in a cluster those that live now. */
  readonly pods: ReadonlyMap<string, readonly Player[]>;
  /** Who leaks: an earlier deployment of `site`; in a cluster the pods that it has now. */
  readonly leakers: readonly Player[];
  /** Opens superuser sessions, which may take the reserved slots too. */
  readonly superuser: Player;
  /** Who keeps writing, and remembers what was acknowledged; null unless the stage was asked for one. */
  readonly ledger: Ledger | null;
  /** The time that the bot and Discord live in. */
  readonly time: SimulatedTime;
  /** The bot's own HTTP server, as in `http://127.0.0.1:8080`; null where it has none. */
  readonly httpUrl: string | null;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 100;
/** Discord's; a person's patience and our processes' speed do not scale with time. */
const ACKNOWLEDGE_WITHIN_MS = 3_000;

/** Starts it all; resolves when the bot has its commands registered and its session held. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  await using started = new AsyncDisposableStack();
  const scale = options.timeScale ?? 1;
  const time = scale === 1 ? REAL_TIME : createSimulatedTime({ scale, from: Date.now() });
  const discord = await createSandboxDiscord({
    port: options.discordPort ?? 0,
    clock: time,
    times: { acknowledgeWithinMs: ACKNOWLEDGE_WITHIN_MS * scale },
  });
  started.defer(() => discord.close());
  await discord.warmUp();
  const server = await startPostgres({
    settings: {
      max_connections: options.maxConnections ?? MAX_CONNECTIONS,
      superuser_reserved_connections: 3,
      ...(options.reservedConnections !== undefined && { reserved_connections: options.reservedConnections }),
    },
    roles: [
      ...CAST.map(({ name }) => ({ name, password: name })),
      {
        name: 'breakwater',
        password: PASSWORDS.breakwater,
        memberOf: ['pg_monitor', 'pg_signal_backend'],
        // What caps an application needs of its role (product.md §5).
        adminOf: CAST.map(({ name }) => name),
      },
      { name: 'canary', password: PASSWORDS.canary },
    ],
    databases: CAST.map(({ name }) => ({ name, owner: name })),
  });
  started.defer(() => server.close());
  const cluster = options.cluster ? await moveIntoCluster(server, time, options.cluster) : null;
  const postgres = cluster === null ? server : asPod(server);
  if (cluster !== null) started.defer(() => cluster.close());
  const observer = await createObserver(postgres.superuser);
  started.defer(() => observer.close());
  const ledger = options.ledger === true ? await openLedger(postgres.superuser) : null;
  if (ledger !== null) started.defer(() => ledger.close());

  const { host, port } = postgres;
  const play = (name: string, localAddress: string): Player =>
    createPlayer({ name, user: name, password: name, database: name, applicationName: name, localAddress, host, port });
  const pods = new Map(CAST.map(({ name, pods: addresses }) => [name, addresses.map((each) => play(name, each))]));
  const leakers = LEAKING_PODS.map((address) => play('site', address));
  const { user, password, database } = postgres.superuser;
  const superuser = createPlayer({
    name: 'a superuser',
    user,
    password,
    database,
    applicationName: 'psql',
    localAddress: '127.10.0.99',
    host,
    port,
  });
  started.defer(async () => {
    await Promise.all([superuser, ...leakers, ...[...pods.values()].flat()].map((player) => player.terminateAll()));
  });

  const httpPort = options.http === true ? choosePort() : null;
  // The server's keeper removes this directory whatever becomes of us, also after kill -9.
  const directory = dirname(postgres.dataDirectory);
  const kubeconfig = cluster?.kubernetes.kubeconfig('breakwater') ?? null;
  const env = await writeBotEnvironment(directory, discord, postgres, {
    ...options,
    ...(kubeconfig !== null && { inCluster: { kubeconfig, podNetwork: POD_NETWORK } }),
    ...(httpPort !== null && { httpPort }),
  });
  const lives = createBotLives(env, time, options.onBotLost);
  started.defer(() => lives.stop());
  if (options.startBot !== false) await lives.start();

  const all = started.move();
  return {
    discord,
    postgres,
    get bot() {
      return lives.now;
    },
    lives,
    observer,
    cluster,
    get pods() {
      return cluster === null ? pods : new Map(CAST.map(({ name }) => [name, cluster.pods(name)]));
    },
    get leakers() {
      return cluster === null ? leakers : cluster.pods('site');
    },
    superuser,
    ledger,
    time,
    httpUrl: httpPort === null ? null : `http://127.0.0.1:${httpPort}`,
    close: () => all.disposeAsync(),
  };
}

/** What was made on the server stays: its data directory becomes the volume that the pod `postgres` runs on. */
async function moveIntoCluster(
  server: RunningPostgres,
  time: SimulatedTime,
  options: NonNullable<StageOptions['cluster']>,
): Promise<StageCluster> {
  await server.stop('fast');
  return setCluster(server, time, options === true || options === false ? {} : options);
}

/** How often an application that lives uses each of its sessions, where it does. */
const USED_EVERY_MS = 500;

/**
 * Opens what every application lacks of what it holds on a quiet day. `used`: and uses it, as who lives does: what is idle for
 * seconds then was left behind.
 */
export async function openQuietSessions(
  stage: Stage,
  { used = false }: { readonly used?: boolean } = {},
): Promise<void> {
  // In a cluster each pod holds its own from the start, and uses them.
  if (stage.cluster !== null) return;
  for (const { name, sessions } of CAST) {
    const players = stage.pods.get(name) ?? [];
    await Promise.all(
      players.map(async (player, index) => {
        const { opened } = await player.open(Math.max(0, share(sessions, players.length, index) - player.count()));
        if (used) player.runQueries(opened, USED_EVERY_MS);
      }),
    );
  }
}

function share(total: number, parts: number, index: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0);
}
