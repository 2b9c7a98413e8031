import { LEVELS, type Level } from './command.ts';

/** Role ids by level, as configured; an empty list means nobody. */
export type LevelRoles = Readonly<Record<Level, readonly string[]>>;

export type AccessDecision =
  | { readonly allowed: true; readonly level: Level }
  | {
      readonly allowed: false;
      /** What the member may do all the same; null for nothing. */
      readonly level: Level | null;
      readonly needed: Level;
      /** Any one of these roles would do; empty when nobody is configured for it. */
      readonly missingRoles: readonly string[];
    };

/** Decides whether a member's roles reach a level; a higher level includes the lower ones (product.md §3). Pure. */
export function decideAccess(memberRoles: readonly string[], roles: LevelRoles, needed: Level): AccessDecision {
  const level = LEVELS.findLast((candidate) => roles[candidate].some((role) => memberRoles.includes(role))) ?? null;
  if (level !== null && LEVELS.indexOf(level) >= LEVELS.indexOf(needed)) return { allowed: true, level };
  const sufficient = LEVELS.slice(LEVELS.indexOf(needed));
  return { allowed: false, level, needed, missingRoles: [...new Set(sufficient.flatMap((each) => roles[each]))] };
}

/** The refusal in words: what is missing and what to do. Role mentions show their names and ping nobody. */
export function describeRefusal(decision: Extract<AccessDecision, { allowed: false }>): string {
  if (decision.missingRoles.length === 0) {
    return `This needs the level \`${decision.needed}\`, and no role has it: add one under \`discord.roles.${decision.needed}\` in Breakwater's configuration.`;
  }
  const roles = decision.missingRoles.slice(0, 10).map((role) => `<@&${role}>`);
  const have = decision.level === null ? 'you have none' : `you have \`${decision.level}\``;
  return `This needs the level \`${decision.needed}\`; ${have}. Ask for ${roles.length > 1 ? 'one of ' : ''}${roles.join(', ')}.`;
}
