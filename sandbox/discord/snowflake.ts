const DISCORD_EPOCH_MS = 1_420_070_400_000;
/** Ids minted before this would be shorter than the 17 digits that discord.js's route patterns want. */
const EARLIEST_MS = Date.UTC(2016, 0, 1);

/** Mints ids as Discord does: time in the upper bits, ever growing. `now` in epoch milliseconds. */
export function createSnowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const fresh = BigInt(Math.max(now(), EARLIEST_MS) - DISCORD_EPOCH_MS) << 22n;
    last = fresh > last ? fresh : last + 1n;
    return last.toString();
  };
}

/** When an id was minted, epoch milliseconds. */
export function snowflakeTime(id: string): number {
  return Number(BigInt(id) >> 22n) + DISCORD_EPOCH_MS;
}
