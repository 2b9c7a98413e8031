import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface CatalogueEntry<T> {
  /** The path below the directory without its ending: `db/status`. */
  readonly name: string;
  readonly value: T;
}

/**
 * Imports each `.ts` file below a directory and checks its default export. `findFault` returns what is wrong, or null.
 * Files whose name begins with `_` belong to their folder, not to the catalogue. Throws one Error naming every fault.
 */
export async function loadCatalogue<T>(
  directory: URL,
  findFault: (value: unknown, name: string) => string | null,
): Promise<readonly CatalogueEntry<T>[]> {
  const files = (await readdir(directory, { recursive: true }))
    .filter((file) => file.endsWith('.ts') && !file.split('/').some((part) => part.startsWith('_')))
    .sort();
  const pathOf = (file: string): string => fileURLToPath(new URL(file, directory));
  const entries: CatalogueEntry<T>[] = [];
  const faults: string[] = [];
  for (const file of files) {
    const name = file.slice(0, -'.ts'.length);
    try {
      const module = (await import(new URL(file, directory).href)) as { readonly default?: unknown };
      const fault = findFault(module.default, name);
      if (fault === null) entries.push({ name, value: module.default as T });
      else faults.push(`${pathOf(file)}: ${fault}`);
    } catch (error) {
      faults.push(`${pathOf(file)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (files.length === 0) faults.push(`nothing found in ${directory.pathname}`);
  if (faults.length > 0) throw new Error(`The catalogue cannot be loaded:\n  ${faults.join('\n  ')}`);
  return entries;
}
