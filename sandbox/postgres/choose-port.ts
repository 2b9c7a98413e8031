import { readFileSync } from 'node:fs';

/**
 * A random port below the kernel's ephemeral range: no outgoing connection is ever given it, so it is still ours after
 * a restart. Whether it is free shows when a server binds it.
 */
export function choosePort(): number {
  const [low] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
  const top = low !== undefined && low > 20_000 ? low : 32_768;
  return 10_000 + Math.floor(Math.random() * (top - 10_000));
}
