import type { Sender } from '../shares.ts';
import type { DeskVisit } from './visit.tsx';

/**
 * Returns the sender of a file from the console. An office shares one address, so each person counts
 * separately. The capacity is the process's:
 * the host separates its towns.
 */
export function senderAt({ c, viewer }: Pick<DeskVisit, 'c' | 'viewer'>): Sender {
  const { host } = new URL(c.req.url);
  return {
    link: `${host} ${viewer.staff} ${c.req.path}`,
    address: `${host} staff ${viewer.staff}`,
  };
}
