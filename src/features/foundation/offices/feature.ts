import type { Feature } from '../../feature.ts';
import { forgetReasons } from './rotas/store.ts';

export const offices: Feature = {
  name: 'offices',
  tables: {
    town: 'nobody',
    office: {
      ends: 'Names of officials are in the settings until the declaration says otherwise.',
    },
    procedure: 'nobody',
    desk: { ends: 'A desk may have the name of a person until the declaration says otherwise.' },
    closure: 'nobody',
    shift: 'nobody',
    absence: 'forgotten',
    desk_busy: {
      ends: 'It says from when until when, and is replaced whenever the calendar is read; it ends with the connection.',
    },
  },
  growth: {
    town: 'town',
    office: 'town',
    procedure: 'town',
    desk: 'town',
    closure: 'town',
    shift: 'town',
    absence: 'forever',
    desk_busy: 'town',
  },
  forget: { due: forgetReasons },
};
