import { z } from 'zod';
import { filePathSchema } from './values/file-path.ts';
import { addressSchema, cidrSchema } from './values/network.ts';
import { urlSchema } from './values/url.ts';

export const kubernetesSchema = z
  .strictObject({
    kubeconfig: filePathSchema(
      'In-cluster credentials unless given, else the default kubeconfig.',
      './kubeconfig',
    ).optional(),
    podCidrs: z
      .array(cidrSchema('A network that pods get their addresses from.'))
      .prefault([])
      .meta({
        description: 'Pod networks: only a client address in one of them can be orphaned.',
        examples: [['10.2.0.0/16']],
      }),
    excludeAddresses: z
      .array(addressSchema('An address inside the pod networks that is no pod.'))
      .prefault([])
      .meta({ description: "Addresses that are never taken for a vanished pod's.", examples: [['10.2.0.1']] }),
  })
  .meta({
    description: 'The cluster. Without it there are no cluster features, and they say so.',
    examples: [{ podCidrs: ['10.2.0.0/16'] }],
  });

export const linodeSchema = z
  .strictObject({
    apiUrl: urlSchema('Where the Linode API is.', 'https://api.linode.com/v4').prefault('https://api.linode.com/v4'),
  })
  .prefault({})
  .meta({ description: 'The volume provider.', examples: [{ apiUrl: 'https://api.linode.com/v4' }] });
