import type { Feature } from '../../feature.ts';
import type { RotaService } from './service.ts';
import { rotaDue } from './views.ts';

export const rota: Feature<{ rota: RotaService }> = {
  name: 'rota',
  tables: {
    rota_change: {
      ends: 'It says which desk an appointment got; the person who changed it is an id.',
    },
  },
  growth: {
    rota_change: 'forever',
  },
  auditActions: ['rota_planned', 'rota_changed', 'rota_read'],
  jobs: [
    {
      what: 'to see to whom a change of rota left without a desk',
      everyMs: 30_000,
      due: rotaDue,
      run: ({ rota }) => rota.settleAll(),
    },
  ],
};
