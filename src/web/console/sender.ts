import type { Sender } from '../shares.ts';
import type { DeskVisit } from './visit.tsx';

/**
 * Who sends a file from the console. An office has one address: each of them counts alone. What there is is the process's: the host
 * tells its towns apart.
 */
export function senderAt({ c, viewer }: Pick<DeskVisit, 'c' | 'viewer'>): Sender {
  const { host } = new URL(c.req.url);
  return {
    link: `${host} ${viewer.staff} ${c.req.path}`,
    address: `${host} staff ${viewer.staff}`,
  };
}
