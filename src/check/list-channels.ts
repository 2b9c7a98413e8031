import type { Config } from '../config/config.ts';

/** The configured channels, each once: without an audit channel of its own, the alert channel serves for both. */
export function listChannels(config: Config): readonly { readonly key: 'alerts' | 'audit'; readonly id: string }[] {
  const { alerts, audit } = config.discord.channels;
  return [{ key: 'alerts', id: alerts }, ...(audit === alerts ? [] : [{ key: 'audit' as const, id: audit }])];
}
