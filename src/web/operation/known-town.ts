import type { Office, Town } from '../../domain/office/types.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';

/** The last known town: enough to name other contacts while the database is away. */
export interface KnownTown {
  town: Town;
  offices: readonly Office[];
}

/** What this process knows of its town without the database. */
export interface TownMemory {
  /** Returns the same offices, whose last answers are remembered. */
  remember(offices: Offices): Offices;
  latest(): KnownTown | null;
}

export function townMemory(): TownMemory {
  let town: Town | null = null;
  let list: readonly Office[] = [];
  return {
    remember: (offices) => ({
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
    }),
    latest: () => town && { town, offices: list },
  };
}
