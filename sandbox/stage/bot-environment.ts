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
}

export const PASSWORDS = { breakwater: 'sandbox-breakwater-password', canary: 'sandbox-canary-password' } as const;

/** Writes breakwater.yaml for this stage into a directory and gives the environment the bot is started with. */
export async function writeBotEnvironment(
  directory: string,
  discord: Pick<SandboxDiscord, 'apiUrl' | 'token' | 'applicationId' | 'guildId' | 'channels' | 'roles'>,
  postgres: { readonly host: string; readonly port: number },
  { sampling = { calm: '5s', fast: '250ms' }, canary = true, extra = '' }: BotOptions = {},
): Promise<Readonly<Record<string, string>>> {
  const applications = CAST.map(({ name, limit, impact }) => {
    const parts = [`name: ${name}`, `match: { user: ${name} }`];
    if (limit !== undefined) parts.push(`limit: ${limit}`);
    if (impact !== undefined) parts.push(`impact: "${impact}"`);
    return `      - { ${parts.join(', ')} }`;
  });
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
databases:
  - name: main
    connection: { host: ${postgres.host}, port: ${postgres.port}, user: breakwater, database: postgres }
${canary ? '    canary: { user: canary, database: postgres }\n' : ''}    sampling: { calm: ${sampling.calm}, fast: ${sampling.fast} }
    applications:
${applications.join('\n')}
${extra}`;
  const path = join(directory, 'breakwater.yaml');
  await writeFile(path, text);
  return {
    BREAKWATER_CONFIG: path,
    DISCORD_TOKEN: discord.token,
    DATABASE_MAIN_PASSWORD: PASSWORDS.breakwater,
    ...(canary && { DATABASE_MAIN_CANARY_PASSWORD: PASSWORDS.canary }),
  };
}
