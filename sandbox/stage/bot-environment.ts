import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxDiscord } from '../discord/create-sandbox-discord.ts';
import { CAST } from './cast.ts';

/** What of the configuration a scenario or a benchmark may choose. */
export interface BotOptions {
  readonly sampling?: { readonly calm: string; readonly fast: string };
  readonly canary?: boolean;
  /** More lines under `databases[0]`, indented by four. */
  readonly extra?: string;
  /** Where the bot serves /livez, /metrics and the webhooks, on 127.0.0.1; nowhere when left out. */
  readonly httpPort?: number;
  /** Web addresses to watch. */
  readonly services?: readonly ServiceEntry[];
  /** Default: a file of its own beside the configuration, which outlives the bot. */
  readonly journal?: string;
  /** Applications that a recovery holds, in the order in which they are released; all of the cast when left out. */
  readonly dependents?: readonly string[];
  /** The cluster that runs it all, as a kubeconfig beside the configuration tells; none when left out. */
  readonly inCluster?: { readonly kubeconfig: string; readonly podNetwork: string };
}

export interface ServiceEntry {
  readonly name: string;
  readonly url: string;
  readonly dependsOn?: string;
  readonly impact?: string;
}

export const PASSWORDS = { breakwater: 'sandbox-breakwater-password', canary: 'sandbox-canary-password' } as const;
/** What a webhook must bring along as its bearer token. */
export const WEBHOOK_TOKEN = 'sandbox-webhook-token';

/** Writes breakwater.yaml for this stage into a directory and gives the environment the bot is started with. */
export async function writeBotEnvironment(
  directory: string,
  discord: Pick<SandboxDiscord, 'apiUrl' | 'token' | 'applicationId' | 'guildId' | 'channels' | 'roles'>,
  postgres: { readonly host: string; readonly port: number },
  options: BotOptions = {},
): Promise<Readonly<Record<string, string>>> {
  const {
    sampling = { calm: '5s', fast: '250ms' },
    canary = true,
    extra = '',
    httpPort,
    services = [],
    inCluster,
    dependents = CAST.map(({ name }) => name),
  } = options;
  const text = `discord:
  apiUrl: ${discord.apiUrl}
  applicationId: "${discord.applicationId}"
  guildId: "${discord.guildId}"
  channels: { alerts: "${discord.channels.alerts}", audit: "${discord.channels.audit}" }
  roles:
    observe: ["${discord.roles.observe}"]
    respond: ["${discord.roles.respond}"]
    recover: ["${discord.roles.recover}"]
    onCall: "${discord.roles.onCall}"
journal: { sqlite: ${options.journal ?? './breakwater.db'} }
${httpPort === undefined ? '' : `http: { listen: "127.0.0.1:${httpPort}" }\n`}${inCluster ? `kubernetes: { kubeconfig: ./kubeconfig, podCidrs: ["${inCluster.podNetwork}"] }\n` : ''}databases:
  - name: main
    connection: { host: ${postgres.host}, port: ${postgres.port}, user: breakwater, database: postgres }
${canary ? '    canary: { user: canary, database: postgres }\n' : ''}    sampling: { calm: ${sampling.calm}, fast: ${sampling.fast} }
${inCluster ? renderPlace(dependents) : ''}    applications:
${CAST.map((member) => `      - ${renderApplication(member, inCluster !== undefined)}\n`).join('')}${extra}
${services.length === 0 ? '' : `services:\n${services.map((each) => `  - ${renderService(each)}\n`).join('')}`}`;
  const path = join(directory, 'breakwater.yaml');
  await writeFile(path, text);
  if (inCluster) await writeFile(join(directory, 'kubeconfig'), inCluster.kubeconfig, { mode: 0o600 });
  return {
    BREAKWATER_CONFIG: path,
    DISCORD_TOKEN: discord.token,
    DATABASE_MAIN_PASSWORD: PASSWORDS.breakwater,
    ...(canary && { DATABASE_MAIN_CANARY_PASSWORD: PASSWORDS.canary }),
    ...(httpPort !== undefined && { WEBHOOK_TOKEN }),
  };
}

function renderPlace(dependents: readonly string[]): string {
  return `    workload: default/deployment/postgres
    claim: default/persistentvolumeclaim/postgres-storage
    dependents: [${dependents.map((name) => `default/deployment/${name}`).join(', ')}]
    backup: { cronJob: default/cronjob/blackbox, maxAge: 26h }
`;
}

function renderApplication({ name, limit, impact }: (typeof CAST)[number], inCluster: boolean): string {
  const parts = [`name: ${name}`, `match: { user: ${name} }`];
  if (inCluster) parts.push(`workload: default/deployment/${name}`);
  if (limit !== undefined) parts.push(`limit: ${limit}`);
  if (impact !== undefined) parts.push(`impact: "${impact}"`);
  return `{ ${parts.join(', ')} }`;
}

function renderService({ name, url, dependsOn, impact }: ServiceEntry): string {
  const parts = [`name: ${name}`, `url: "${url}"`];
  if (dependsOn !== undefined) parts.push(`dependsOn: ${dependsOn}`);
  if (impact !== undefined) parts.push(`impact: "${impact}"`);
  return `{ ${parts.join(', ')} }`;
}
