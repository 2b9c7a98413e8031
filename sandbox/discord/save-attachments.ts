import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredMessage } from './world/messages.ts';

/**
 * Writes a message's files, those shown inside embeds too, as `<message id>-<name>` and returns their paths. A later
 * version of a file of the same name replaces the earlier one. Names were made harmless when the file was stored.
 */
export async function saveAttachments({ message, files }: StoredMessage, directory: string): Promise<string[]> {
  if (files.length === 0) return [];
  await mkdir(directory, { recursive: true });
  return Promise.all(
    files.map(async ({ attachment, data }) => {
      const path = join(directory, `${message.id}-${attachment.filename}`);
      await writeFile(path, data);
      return path;
    }),
  );
}
