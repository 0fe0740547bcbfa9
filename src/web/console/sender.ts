import type { Sender } from '../shares.ts';
import type { DeskVisit } from './visit.tsx';

/** Who sends a file from the console. An office has one address: each of them counts alone. */
export const senderAt = ({ c, viewer }: Pick<DeskVisit, 'c' | 'viewer'>): Sender => ({
  link: c.req.path,
  address: `staff ${viewer.staff}`,
});
