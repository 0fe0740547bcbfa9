import type { Feature } from '../../feature.ts';
import { forgetCompanions } from './store.ts';

export const companions: Feature = {
  name: 'companions',
  tables: {
    companion: 'forgotten',
  },
  growth: {
    companion: 'forever',
  },
  forget: { about: forgetCompanions },
  events: ['invited', 'uninvited', 'admitted'],
  auditActions: ['invited', 'uninvited', 'admitted'],
};
