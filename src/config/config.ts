import type { Application } from '../model/application.ts';
import type { RuleSettings } from '../model/rule-options.ts';
import type { Secret } from '../model/secret.ts';
import type { ListenAddress } from './schema/values/network.ts';

/** The configuration as the rest of the program sees it: defaults filled in, paths absolute, durations in milliseconds. */
export interface Config {
  readonly discord: DiscordConfig;
  readonly journal:
    | { readonly kind: 'sqlite'; readonly path: string }
    | { readonly kind: 'kubernetes'; readonly namespace: string };
  /** Undefined: no cluster features. */
  readonly kubernetes: KubernetesConfig | undefined;
  readonly linode: { readonly apiUrl: string };
  /** Undefined: no HTTP server. */
  readonly http: ListenAddress | undefined;
  readonly heartbeat: { readonly url: string; readonly everyMs: number } | undefined;
  /** At least one. */
  readonly databases: readonly [DatabaseConfig, ...DatabaseConfig[]];
  readonly services: readonly ServiceConfig[];
  readonly secrets: Secrets;
}

export interface DiscordConfig {
  readonly apiUrl: string;
  readonly applicationId: string;
  readonly guildId: string;
  readonly channels: { readonly alerts: string; readonly audit: string };
  /** Role ids; an empty list means nobody. A higher level includes the lower, which is the access check's work. */
  readonly roles: {
    readonly observe: readonly string[];
    readonly respond: readonly string[];
    readonly recover: readonly string[];
    readonly onCall: string | undefined;
  };
  readonly approval: 'two-person' | 'typed';
  readonly breakGlassAfterMs: number;
}

export interface KubernetesConfig {
  readonly kubeconfig: string | undefined;
  readonly podCidrs: readonly string[];
  readonly excludeAddresses: readonly string[];
}

export interface DatabaseConfig {
  readonly name: string;
  readonly connection: ConnectionConfig;
  readonly canary: { readonly user: string; readonly database: string } | undefined;
  readonly sampling: { readonly calmMs: number; readonly fastMs: number };
  /** By rule id: every known rule, whether the file mentions it or not. */
  readonly alerts: Readonly<Record<string, RuleSettings>>;
  readonly applications: readonly Application[];
  /** Values of application_name. */
  readonly protect: readonly string[];
  /** These and `dependents`: `namespace/kind/name`. */
  readonly workload: string | undefined;
  readonly claim: string | undefined;
  readonly manifest: string | undefined;
  readonly dependents: readonly string[];
  readonly volume: { readonly provider: 'linode'; readonly id: string } | undefined;
  readonly backup: { readonly cronJob: string; readonly maxAgeMs: number } | undefined;
  readonly pgbouncer: { readonly connection: PgbouncerConnectionConfig } | undefined;
}

export interface PgbouncerConnectionConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Undefined: plaintext. */
  readonly ssl: SslConfig | undefined;
}

export interface ConnectionConfig extends PgbouncerConnectionConfig {
  readonly database: string;
}

/** Paths of PEM files, absolute; nothing here has been read. */
export interface SslConfig {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly rejectUnauthorized: boolean;
  readonly serverName: string | undefined;
}

export interface ServiceConfig {
  readonly name: string;
  readonly url: string;
  readonly dependsOn: string | undefined;
  readonly impact: string | undefined;
  readonly everyMs: number;
  readonly timeoutMs: number;
}

/** All that may never be shown, apart from the rest so that logging a section shows none. */
export interface Secrets {
  readonly discordToken: Secret;
  readonly linodeToken: Secret | undefined;
  readonly webhookToken: Secret | undefined;
  readonly discordFallbackWebhookUrl: Secret | undefined;
  /** By the database's name; every database has an entry. */
  readonly databases: ReadonlyMap<string, DatabaseSecrets>;
}

/** Undefined: no password is asked for. */
export interface DatabaseSecrets {
  readonly password: Secret | undefined;
  readonly canaryPassword: Secret | undefined;
  readonly pgbouncerPassword: Secret | undefined;
}
