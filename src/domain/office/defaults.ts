import type { Language } from '../../lib/i18n/languages.ts';
import type { Named, TownOffice } from './schema.ts';

/** A default of an office: it has a name in every language. */
type NamedInAll = Named & { name: Record<Language, string> };

/** The default colours when neither town nor office sets any: the tokens of the common look. */
export const DEFAULT_LOOK: TownOffice['look'] = {
  accent: { light: '#0b5d66', dark: '#6cc5cf' },
  accentInk: { light: '#ffffff', dark: '#06282c' },
};

/** The default outcomes of a procedure or query, for an office that declares none. */
export const DEFAULT_OUTCOMES: Record<string, NamedInAll> = {
  done: { name: { ca: 'Fet', es: 'Hecho', en: 'Done', eu: 'Eginda' } },
  answered: { name: { ca: 'Resposta donada', es: 'Respondido', en: 'Answered', eu: 'Erantzunda' } },
  'papers-missing': {
    name: {
      ca: 'Falten papers',
      es: 'Faltan papeles',
      en: 'Papers missing',
      eu: 'Agiriak falta dira',
    },
  },
  referred: {
    name: {
      ca: 'Derivat a un altre servei',
      es: 'Derivado a otro servicio',
      en: 'Passed to another service',
      eu: 'Beste zerbitzu batera bideratuta',
    },
  },
  'not-possible': {
    name: {
      ca: 'No s’ha pogut fer',
      es: 'No se ha podido hacer',
      en: 'Could not be done',
      eu: 'Ezin izan da egin',
    },
  },
};

/** The default wrap-up codes of an encounter, for an office that declares none. */
export const DEFAULT_WRAP_UP_CODES: Record<string, NamedInAll> = {
  solved: { name: { ca: 'Resolt', es: 'Resuelto', en: 'Solved', eu: 'Konponduta' } },
  'to-follow': {
    name: {
      ca: 'Queda pendent',
      es: 'Queda pendiente',
      en: 'Still to follow up',
      eu: 'Egiteke geratzen da',
    },
  },
  'new-appointment': {
    name: {
      ca: 'Cal una altra cita',
      es: 'Hace falta otra cita',
      en: 'Needs another appointment',
      eu: 'Beste hitzordu bat behar da',
    },
  },
  'technical-problem': {
    name: {
      ca: 'Problema tècnic',
      es: 'Problema técnico',
      en: 'Technical problem',
      eu: 'Arazo teknikoa',
    },
  },
  'wrong-service': {
    name: {
      ca: 'No era el servei adequat',
      es: 'No era el servicio adecuado',
      en: 'Not the right service',
      eu: 'Ez zen zerbitzu egokia',
    },
  },
};
