import type { Feature } from '../../feature.ts';

export const proofOfWork: Feature = {
  name: 'proof-of-work',
  tables: {},
};
