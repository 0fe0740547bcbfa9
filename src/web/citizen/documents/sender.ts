import type { Sender } from '../../shares.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/**
 * Returns the sender of a form or part, for shares of the process's capacity. The town's configured host
 * separates the links of
 * different towns; the requested host is the client's choice and doesn't count. An address counts once
 * for all towns.
 */
export function senderIn(
  { addressOf, baseUrl }: Pick<CitizenDeps, 'addressOf' | 'baseUrl'>,
  { c, secret }: Pick<AppointmentVisit, 'c' | 'secret'>,
): Sender {
  const { host } = new URL(baseUrl);
  return { link: `${host} ${secret}`, address: addressOf(c) };
}
