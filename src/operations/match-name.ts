import { UserFacingError } from '../model/user-facing-error.ts';

/**
 * The name that somebody typed into a form, where nothing completes it: in full, or so much of it that it can be no other.
 * Null for nothing typed. Throws UserFacingError that names the choices. Pure.
 */
export function matchName(kind: string, typed: string | undefined, names: readonly string[]): string | null {
  const wanted = (typed ?? '').trim();
  if (wanted === '') return null;
  const lower = wanted.toLowerCase();
  const closest = [
    names.filter((name) => name === wanted),
    names.filter((name) => name.toLowerCase() === lower),
    names.filter((name) => name.toLowerCase().includes(lower)),
  ].find(({ length }) => length > 0);
  const [only] = closest ?? [];
  if (only !== undefined && closest?.length === 1) return only;
  const choices = (closest ?? names).slice(0, 20).join(', ') || 'none at all';
  throw new UserFacingError(`There is ${closest ? 'more than one' : 'no'} ${kind} like ${wanted}: ${choices}.`);
}
