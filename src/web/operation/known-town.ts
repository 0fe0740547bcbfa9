import type { Office, Town } from '../../domain/office/types.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';

/** The last known town: enough to name other contacts while the database is away. */
export interface KnownTown {
  town: Town;
  offices: readonly Office[];
}

/** Returns the same offices, which also store their last answer. */
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
