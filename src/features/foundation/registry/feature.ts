import type { Office } from '../../../domain/office/types.ts';
import { doAll } from '../../../lib/jobs/batches.ts';
import type { Feature } from '../../feature.ts';
import type { OutsideRegistering } from './outside/service.ts';
import { deliveryDue } from './outside/views.ts';
import type { Registry } from './service.ts';
import { closingDue } from './views.ts';

/** The services that its jobs use. */
interface Registering {
  offices: { list(): Promise<readonly Office[]> };
  registry: Pick<Registry, 'closeDays'>;
  outsideRegistering: Pick<OutsideRegistering, 'deliver'>;
}

export const registry: Feature<Registering> = {
  name: 'registry',
  tables: {
    registry_book: 'nobody',
    registry_entry: 'nobody',
    registry_day: 'nobody',
    registry_outside: {
      ends: 'It has numbers, and the words with which the registry of the town refused something last. They end when it has its number.',
    },
  },
  growth: {
    registry_book: 'forever',
    registry_entry: 'forever',
    registry_day: 'forever',
    registry_outside: 'forever',
  },
  auditActions: ['registered', 'registry_closed', 'registered_outside', 'registry_reconciled'],
  jobs: [
    {
      what: 'to close the days of registries',
      everyMs: 600_000,
      due: closingDue,
      run: async ({ offices, registry: each }) =>
        doAll(await offices.list(), (office) => each.closeDays(office)),
    },
    {
      what: 'to register entries with the registry of the town',
      everyMs: 30_000,
      due: deliveryDue,
      onCommit: true,
      run: ({ outsideRegistering: each }) => each.deliver(),
    },
  ],
};
