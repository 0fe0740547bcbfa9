import type { SiteLanguage } from './contents.ts';

/** A picture of the documents: `docs/images/LANGUAGE/NAME.webp`. `npm run docs:pictures` takes all of them. */
export interface Picture {
  name: string;
  /** Who looks: a citizen, or the first person of an office with that role. */
  person: 'citizen' | 'coordinator' | 'administrator';
  /** The page, in a language. */
  path: (language: SiteLanguage) => string;
  width: number;
  height: number;
  /** What it shows, for whoever can't see it. */
  shows: Record<SiteLanguage, string>;
}

export const PICTURES: readonly Picture[] = [
  {
    name: 'times',
    person: 'citizen',
    path: (language) => `/${language}/oac/volant-padro/times?channel=phone&language=${language}`,
    width: 390,
    height: 780,
    shows: {
      ca: 'Les hores lliures d’avui, per triar-ne una al telèfon',
      es: 'Las horas libres de hoy, para elegir una en el teléfono',
      en: 'The free times of today, to choose one on a telephone',
      eu: 'Gaurko ordu libreak, telefonoan bat aukeratzeko',
    },
  },
  {
    name: 'rota',
    person: 'coordinator',
    path: () => '/console/oac/rota',
    width: 1280,
    height: 800,
    shows: {
      ca: 'Els torns d’una setmana, una fila per taula',
      es: 'Los turnos de una semana, una fila por mesa',
      en: 'The shifts of a week, a row for each desk',
      eu: 'Aste bateko txandak, lerro bat mahai bakoitzeko',
    },
  },
  {
    name: 'administration',
    person: 'administrator',
    path: () => '/console/oac/admin',
    width: 1280,
    height: 800,
    shows: {
      ca: 'La primera pàgina de l’administració: què falta i què es pot canviar',
      es: 'La primera página de la administración: qué falta y qué se puede cambiar',
      en: 'The first page of the administration: what is missing, and what can be changed',
      eu: 'Administrazioaren lehenengo orria: zer falta den eta zer alda daitekeen',
    },
  },
];
