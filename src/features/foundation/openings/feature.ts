import type { Feature } from '../../feature.ts';

export const openings: Feature = {
  name: 'openings',
  tables: {
    opening: {
      ends: 'It keeps the hash of a secret. It says of a person only which appointment, entry or document it opens.',
    },
  },
  growth: {
    opening: 'forever',
  },
};
