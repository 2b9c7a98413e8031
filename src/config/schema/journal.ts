import { z } from 'zod';
import { isNamespaceName } from '../../model/workload-reference.ts';
import { filePathSchema } from './values/file-path.ts';
import { textLeaf } from './values/leaf.ts';

const namespace = textLeaf(
  { description: 'The namespace that holds the incidents.', examples: ['breakwater'] },
  (text) => (isNamespaceName(text) ? null : 'is no namespace: write one in lower case, as in breakwater'),
);

/** One of the two; a check across keys reports both or none. */
export const journalSchema = z
  .strictObject({
    sqlite: filePathSchema(
      'A file, made when it is missing. It never lives in a watched database.',
      './breakwater.db',
    ).optional(),
    kubernetes: z
      .strictObject({ namespace })
      .meta({
        description: 'Incident objects in the cluster: no volume of its own.',
        examples: [{ namespace: 'breakwater' }],
      })
      .optional(),
  })
  .prefault({ sqlite: './breakwater.db' })
  .meta({
    description: 'Where the append-only record of alerts, actions and incidents is kept.',
    examples: [{ sqlite: './breakwater.db' }],
  });
