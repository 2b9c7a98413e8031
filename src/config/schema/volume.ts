import { z } from 'zod';
import { textLeaf } from './values/leaf.ts';

export const volumeSchema = z
  .strictObject({
    provider: z.enum(['linode']).meta({ description: 'Who provides the volume.', examples: ['linode'] }),
    id: textLeaf(
      { description: "The provider's id: the only volume that may ever be touched.", examples: ['123456'] },
      (text) => (/^\d+$/.test(text) ? null : 'is no volume id: write its digits in quotes, as in "123456"'),
    ),
  })
  .meta({ description: "The server's volume at its provider.", examples: [{ provider: 'linode', id: '123456' }] });
