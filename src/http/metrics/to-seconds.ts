/** Prometheus wants base units: milliseconds as seconds. */
export function toSeconds(ms: number): number {
  return ms / 1_000;
}
