import type { Office } from '../domain/office/types.ts';
import { FEATURES } from '../features/all.ts';
import type { Forget } from '../features/feature.ts';
import type { Service } from './service.ts';

/** Returns how every feature forgets: `forgets` in the transaction of retention, `destroy` in transactions of its own. */
export function forgetting(service: Service) {
  const forgets: readonly Forget<Service>[] = FEATURES.flatMap(({ forget }) => forget ?? []);
  const destroy = forgets.flatMap(({ destroy }) =>
    destroy ? [(office: Office) => destroy(service, office)] : [],
  );
  return { forgets, destroy };
}
