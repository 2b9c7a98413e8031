import type { BotOptions } from './bot-environment.ts';
import type { BotProcess } from './bot-process.ts';
import type { ClusterOptions } from './cluster/set-cluster.ts';

/** How a stage is set, where a scenario or a benchmark wants it otherwise than usual. */
export interface StageOptions extends Omit<BotOptions, 'inCluster'> {
  readonly maxConnections?: number;
  /** `reserved_connections` of PostgreSQL 16 and later; the bot's role is not granted them. */
  readonly reservedConnections?: number;
  /** Whether the server and its applications run in a cluster, which takes seconds to set; not unless given. */
  readonly cluster?: boolean | ClusterOptions;
  /** Whether somebody keeps writing rows and remembers which were acknowledged; not unless given. */
  readonly ledger?: boolean;
  readonly discordPort?: number;
  /**
   * How many times faster time runs for the bot and for Discord; 1 unless given. PostgreSQL, and what it measures, stay
   * real. The bot's own time limits shrink with it: above 30 a login to PostgreSQL may miss its deadline.
   */
  readonly timeScale?: number;
  /** Whether the bot serves HTTP, on a free port. */
  readonly http?: boolean;
  /** False leaves the first start to the scenario. */
  readonly startBot?: boolean;
  /** Told when a bot has ended that nobody had told to. */
  readonly onBotLost?: (bot: BotProcess, status: number | null) => void;
}
