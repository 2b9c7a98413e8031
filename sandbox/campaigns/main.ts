/** `npm run campaign -- [delivery|kill] …`: each says in its own file what it does, and what it takes. */
await (process.argv[2] === 'kill' ? import('./kill-campaign.ts') : import('./delivery-campaign.ts'));
