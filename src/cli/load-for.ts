import type { Config } from '../config/config.ts';
import { renderFaults } from '../config/fault.ts';
import { type LoadOptions, loadConfig } from '../config/load-config.ts';
import type { CliContext } from './command.ts';

/** The configuration of BREAKWATER_CONFIG; null when it has faults, which are then told on stderr: exit with 2. */
export function loadFor(
  { env, stderr }: Pick<CliContext, 'env' | 'stderr'>,
  options: Pick<LoadOptions, 'rules' | 'secrets'>,
): Config | null {
  const path = env['BREAKWATER_CONFIG'] ?? './breakwater.yaml';
  const loaded = loadConfig({ path, env, ...options });
  if (loaded.ok) return loaded.config;
  stderr.write(renderFaults(path, loaded.faults));
  return null;
}
