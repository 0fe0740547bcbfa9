import type { Visit } from '../visit.tsx';

/** Returns the address of a notification in its person's folder, or of what is done with it. */
export const oneAt = (
  to: Visit['to'],
  id: string,
  page: '' | 'open' | 'reject' | 'document' = '',
): string => to.folder(`notifications/${id}${page && (`/${page}` as const)}`);
