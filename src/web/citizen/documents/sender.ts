import type { Sender } from '../../shares.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/**
 * Whose form or part this is, for what there is only so much of in the process. The host that the town was given tells the links of
 * towns apart; the one that is asked under may be whatever who asks writes. An address is one for all towns.
 */
export function senderIn(
  { addressOf, baseUrl }: Pick<CitizenDeps, 'addressOf' | 'baseUrl'>,
  { c, secret }: Pick<AppointmentVisit, 'c' | 'secret'>,
): Sender {
  const { host } = new URL(baseUrl);
  return { link: `${host} ${secret}`, address: addressOf(c) };
}
