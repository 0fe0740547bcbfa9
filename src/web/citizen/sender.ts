import type { Sender } from '../shares.ts';
import type { AppointmentVisit, CitizenDeps } from './visit.tsx';

/** Whose form or part this is, for what there is only so much of. */
export const senderIn = (
  { senderOf }: Pick<CitizenDeps, 'senderOf'>,
  { c, secret }: AppointmentVisit,
): Sender => ({ link: secret, address: senderOf(c).toString('base64url') });
