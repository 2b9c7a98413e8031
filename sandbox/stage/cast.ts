/** Who connects to the Postgres of 2020-12-11 (product.md §1), each from pods with addresses of their own in 127/8. */
export interface CastMember {
  readonly name: string;
  /** Sessions on a quiet day, spread over its pods. */
  readonly sessions: number;
  readonly pods: readonly string[];
  readonly limit?: number;
  readonly impact?: string;
}

export const CAST: readonly CastMember[] = [
  {
    name: 'site',
    sessions: 12,
    pods: ['127.10.0.11', '127.10.0.12', '127.10.0.13'],
    limit: 32,
    impact: 'site, API, moderation',
  },
  { name: 'metricity', sessions: 4, pods: ['127.10.0.21'] },
  { name: 'metabase', sessions: 6, pods: ['127.10.0.31'] },
  { name: 'pinnwand', sessions: 3, pods: ['127.10.0.41'] },
  { name: 'bitwarden', sessions: 4, pods: ['127.10.0.51'], impact: 'passwords' },
  { name: 'blackknight', sessions: 2, pods: ['127.10.0.61'] },
  { name: 'grafana', sessions: 2, pods: ['127.10.0.71'] },
];

/** An earlier deployment of `site`: the pods whose sessions were never closed. */
export const LEAKING_PODS: readonly string[] = ['127.10.0.14', '127.10.0.15'];
