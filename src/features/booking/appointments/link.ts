import type { PurposeKey } from '../../../lib/secrets.ts';
import type { Appointment } from './types.ts';

/** The secret of an appointment's link: another one each time that the link is replaced. */
export const linkSecret = (
  key: PurposeKey,
  { id, link }: Pick<Appointment, 'id' | 'link'>,
): string => key.of(id).derive(link === 0 ? `appointment ${id}` : `appointment ${id} ${link}`);
