const CAMPAIGNS: Readonly<Record<string, () => Promise<unknown>>> = {
  delivery: () => import('./delivery-campaign.ts'),
  kill: () => import('./kill-campaign.ts'),
  'kill-bot': () => import('./kill-bot-campaign.ts'),
  'crash-points': () => import('./crash-points-campaign.ts'),
};

/** `npm run campaign -- [delivery|kill|kill-bot|crash-points] …`: each says in its own file what it does, and what it takes. */
await (CAMPAIGNS[process.argv[2] ?? ''] ?? (() => import('./delivery-campaign.ts')))();
