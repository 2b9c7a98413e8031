/**
 * Whether a rejection that nobody caught came out of the Discord client itself: a malformed dispatch throws inside it
 * and ends up there (facts.md, Discord 2). Those are survived; ours are not.
 */
export function isDiscordClientFault(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false;
  const thrownAt = reason.stack
    ?.split('\n')
    .find((line) => line.trimStart().startsWith('at ') && !line.includes('node:'));
  return thrownAt !== undefined && /[\\/]node_modules[\\/](discord\.js|@discordjs)[\\/]/.test(thrownAt);
}
