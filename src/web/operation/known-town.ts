import type { Office, Town } from '../../domain/office/types.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';

/** The town as it was last read: enough to tell people where else to turn when the database is away. */
export interface KnownTown {
  town: Town;
  offices: readonly Office[];
}

/** The same offices, which remember what they answered last. */
export function rememberTown(offices: Offices): { offices: Offices; latest(): KnownTown | null } {
  let town: Town | null = null;
  let list: readonly Office[] = [];
  return {
    offices: {
      ...offices,
      town: async () => {
        town = await offices.town();
        return town;
      },
      list: async () => {
        const all = await offices.list();
        list = all;
        return all;
      },
    },
    latest: () => town && { town, offices: list },
  };
}
