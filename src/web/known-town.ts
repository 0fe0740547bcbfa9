import type { Bodies } from '../features/bodies/service.ts';
import type { Body, Town } from '../features/bodies/types.ts';

/** The town as it was last read: enough to tell people where else to turn when the database is away. */
export interface KnownTown {
  town: Town;
  bodies: readonly Body[];
}

/** The same bodies, which remember what they answered last. */
export function rememberTown(bodies: Bodies): { bodies: Bodies; latest(): KnownTown | null } {
  let town: Town | null = null;
  let list: readonly Body[] = [];
  return {
    bodies: {
      ...bodies,
      town: async () => {
        town = await bodies.town();
        return town;
      },
      list: async () => {
        const all = await bodies.list();
        list = all;
        return all;
      },
    },
    latest: () => town && { town, bodies: list },
  };
}
