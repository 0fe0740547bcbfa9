import type { Office } from '../domain/office/types.ts';
import { FEATURES } from '../features/all.ts';
import type { Forget } from '../features/feature.ts';
import type { Service } from './service.ts';

/**
 * Returns the retention functions of every feature: `forgets` run in the transaction of retention, `destroy` in transactions of their own.
 */
export function forgetting(service: Service) {
  const forgets: readonly Forget<Service>[] = FEATURES.flatMap(({ forget }) => forget ?? []);
  const destroy = forgets.flatMap(({ destroy }) =>
    destroy ? [(office: Office) => destroy(service, office)] : [],
  );
  return { forgets, destroy };
}
