import type { Appointment } from '../../../domain/appointment.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';

/** The secret of an appointment's link: another one each time that the link is replaced. */
export const linkSecret = (
  key: PurposeKey,
  { id, link }: Pick<Appointment, 'id' | 'link'>,
): string => key.of(id).derive(link === 0 ? `appointment ${id}` : `appointment ${id} ${link}`);
