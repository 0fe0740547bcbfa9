import type { Office } from '../../../domain/office/types.ts';
import type { Feature } from '../../feature.ts';
import type { Registry } from './service.ts';

/** The services that its job uses. */
interface Closing {
  offices: { list(): Promise<readonly Office[]> };
  registry: Pick<Registry, 'closeDays'>;
}

export const registry: Feature<Closing> = {
  name: 'registry',
  tables: {
    registry_book: 'nobody',
    registry_entry: 'nobody',
    registry_day: 'nobody',
  },
  auditActions: ['registered', 'registry_closed'],
  jobs: [
    {
      what: 'to close the days of registries',
      everyMs: 600_000,
      run: async ({ offices, registry: each }) => {
        for (const office of await offices.list()) await each.closeDays(office);
      },
    },
  ],
};
