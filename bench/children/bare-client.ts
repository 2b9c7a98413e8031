/** The peer of the start: the least that a bot of discord.js does. Prints a line when it is connected, and ends. */
import { Client, Events, GatewayIntentBits } from 'discord.js';

const [apiUrl = '', token = ''] = process.argv.slice(2);
const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: apiUrl } });
client.once(Events.ClientReady, () => {
  process.stdout.write('ready\n');
  void client.destroy();
});
await client.login(token);
