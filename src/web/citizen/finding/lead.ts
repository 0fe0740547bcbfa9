import { isAtSite } from '../../../domain/channel.ts';
import type { Procedure } from '../../../domain/office/types.ts';
import { channelsOf } from '../times/ask.tsx';
import type { Visit } from '../visit.tsx';

/** Returns in one sentence how these procedures are served: the town hall calls, and receives people where one of them allows it. */
export function leadOf({ t, town }: Visit, procedures: readonly Procedure[]): string {
  const receives = procedures.some((each) => channelsOf(each).some(isAtSite));
  return t(receives ? 'citizen.town.leadAtSite' : 'citizen.town.lead', { town: town.name });
}
