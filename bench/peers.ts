import type { Peer } from './figure.ts';

/** Measured once for this project, on 2 shared cores; not again in the run, which may be on another machine. */
const SOURCE = 'facts.md, Peers';

/** Prometheus 2.42, postgres_exporter 0.11, Alertmanager 0.25: from the 92nd connection to the webhook, median of 5. */
export const DETECTION_PEERS: readonly Peer[] = [
  { name: 'Prometheus, tuned (1 s scrape, group_wait 0)', value: 690, source: SOURCE },
  { name: 'Prometheus, usual (15 s scrape, group_wait 30 s)', value: 43_400, source: SOURCE },
];

/** The three processes of that stack together. */
export const MEMORY_PEERS: readonly Peer[] = [
  { name: 'the Prometheus stack, tuned (1 s)', value: 105.7, source: SOURCE },
  { name: 'the Prometheus stack, usual (15 s)', value: 94.8, source: SOURCE },
];

/** Its share of a core: at 1 s scrapes beside our fast sampling, at 15 s beside the calm one. */
export const CPU_PEER_FAST: Peer = { name: 'the Prometheus stack, tuned (1 s)', value: 1.32, source: SOURCE };
export const CPU_PEER_CALM: Peer = { name: 'the Prometheus stack, usual (15 s)', value: 0.12, source: SOURCE };
export const SERVER_CPU_PEER: Peer = { name: 'postgres_exporter, tuned (1 s)', value: 0.56, source: SOURCE };

/** Facts.md, PostgreSQL 13: one scrape, 12 to 25 statements, by the number of sessions. */
export const SCRAPE_PEERS: Readonly<Record<number, Peer>> = {
  100: { name: "postgres_exporter's scrape", value: 12.4, source: 'facts.md, PostgreSQL 13' },
  1_000: { name: "postgres_exporter's scrape", value: 16.5, source: 'facts.md, PostgreSQL 13' },
  3_000: { name: "postgres_exporter's scrape", value: 30.3, source: 'facts.md, PostgreSQL 13' },
};

/** Discord takes an interaction for failed after this (facts.md, Discord 6). */
export const ACKNOWLEDGE_LIMIT: Peer = { name: "Discord's limit", value: 3_000, source: "Discord's documentation" };
/** A bare discord.js client that replies at once. */
export const BARE_REPLY: Peer = { name: 'a bare discord.js reply', value: 0.7, source: 'facts.md, Discord 1' };
