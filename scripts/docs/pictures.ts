import { SITE_LANGUAGES, type SiteLanguage } from './contents.ts';

/** A picture of the documents: `docs/images/LANGUAGE/NAME.webp`. `npm run docs:pictures` takes all of them. */
export type Picture = PagePicture | CallPicture;

interface AnyPicture {
  name: string;
  size: { width: number; height: number };
  /** What it shows, for whoever can't see it. It is taken in these languages. */
  shows: Partial<Record<SiteLanguage, string>>;
}

/** A page as it is opened. */
export interface PagePicture extends AnyPicture {
  /** Who looks: nobody known, or a person of the demo (`/demo/enter`). */
  person: 'visitor' | 'marta' | 'nuria' | 'albert' | 'mayor' | 'biel';
  /** The page, in a language. */
  path: (language: SiteLanguage) => string;
}

/** A side of a video call. */
export interface CallPicture extends AnyPicture {
  side: 'citizen' | 'agent';
}

const TELEPHONE = { width: 360, height: 900 } as const;
const COMPUTER = { width: 1280, height: 800 } as const;

/** The pages that time changes most come first. */
export const PICTURES: readonly Picture[] = [
  {
    name: 'now',
    person: 'nuria',
    path: () => '/console/oac/now',
    size: COMPUTER,
    shows: {
      ca: 'Qui s’espera ara, i què fa cada taula',
      es: 'Quién espera ahora, y qué hace cada mesa',
      en: 'Who waits now, and what each desk does',
      eu: 'Nor dagoen zain orain, eta zer egiten duen mahai bakoitzak',
    },
  },
  {
    name: 'board',
    person: 'nuria',
    path: () => '/console/oac/board',
    size: COMPUTER,
    shows: {
      ca: 'El dia de totes les taules, amb les seves cites',
      es: 'El día de todas las mesas, con sus citas',
      en: 'The day of all desks, with their appointments',
      eu: 'Mahai guztien eguna, beren hitzorduekin',
    },
  },
  {
    name: 'day',
    person: 'marta',
    path: () => '/console/oac',
    size: COMPUTER,
    shows: {
      ca: 'El dia d’una taula: les cites que venen, i qui s’espera',
      es: 'El día de una mesa: las citas que vienen, y quién espera',
      en: 'The day of a desk: the appointments to come, and who waits',
      eu: 'Mahai baten eguna: datozen hitzorduak, eta nor dagoen zain',
    },
  },
  {
    name: 'next',
    person: 'marta',
    path: () => '/console/oac/next',
    size: COMPUTER,
    shows: {
      ca: 'La pàgina d’una cita: qui és, què vol, i què ha passat en trucar',
      es: 'La página de una cita: quién es, qué quiere, y qué ha pasado al llamar',
      en: 'The page of an appointment: who it is, what they want, and what came of the call',
      eu: 'Hitzordu baten orria: nor den, zer nahi duen, eta zer gertatu den deitzean',
    },
  },
  {
    name: 'times',
    person: 'visitor',
    path: (language) => `/${language}/oac/volant-padro/times?channel=phone&language=${language}`,
    size: TELEPHONE,
    shows: {
      ca: 'Les hores lliures d’avui, per triar-ne una al telèfon',
      es: 'Las horas libres de hoy, para elegir una en el teléfono',
      en: 'The free times of today, to choose one on a telephone',
      eu: 'Gaurko ordu libreak, telefonoan bat aukeratzeko',
    },
  },
  {
    name: 'procedure',
    person: 'visitor',
    path: (language) => `/${language}/oac/volant-padro`,
    size: COMPUTER,
    shows: {
      ca: 'La pàgina d’un tràmit: què és, què cal tenir a mà, i com es demana',
      es: 'La página de un trámite: qué es, qué hay que tener a mano, y cómo se pide',
      en: 'The page of a procedure: what it is, what to have ready, and how to ask for it',
      eu: 'Izapide baten orria: zer den, zer izan behar den eskura, eta nola eskatzen den',
    },
  },
  {
    name: 'rota',
    person: 'nuria',
    path: () => '/console/oac/rota',
    size: COMPUTER,
    shows: {
      ca: 'Els torns d’una setmana, una fila per taula',
      es: 'Los turnos de una semana, una fila por mesa',
      en: 'The shifts of a week, a row for each desk',
      eu: 'Aste bateko txandak, lerro bat mahai bakoitzeko',
    },
  },
  {
    name: 'figures',
    person: 'nuria',
    path: () => '/console/oac/figures',
    size: { width: 1280, height: 1120 },
    shows: {
      ca: 'Les xifres d’una oficina',
      es: 'Las cifras de una oficina',
      en: 'The figures of an office',
      eu: 'Bulego baten zifrak',
    },
  },
  {
    name: 'month',
    person: 'mayor',
    path: () => '/staff/month',
    size: COMPUTER,
    shows: {
      ca: 'El mes en un full: quanta gent s’ha atès, i com',
      es: 'El mes en una hoja: a cuánta gente se ha atendido, y cómo',
      en: 'The month on a sheet: how many people were served, and how',
      eu: 'Hilabetea orri batean: zenbat jende artatu den, eta nola',
    },
  },
  {
    name: 'administration',
    person: 'albert',
    path: () => '/console/oac/admin',
    size: COMPUTER,
    shows: {
      ca: 'La primera pàgina de l’administració: què falta i què es pot canviar',
      es: 'La primera página de la administración: qué falta y qué se puede cambiar',
      en: 'The first page of the administration: what is missing, and what can be changed',
      eu: 'Administrazioaren lehenengo orria: zer falta den eta zer alda daitekeen',
    },
  },
  {
    name: 'operation',
    person: 'biel',
    path: () => '/staff/operation',
    size: COMPUTER,
    shows: { en: 'The page of the installation: what needs a look, and how everything is' },
  },
  {
    name: 'call',
    side: 'agent',
    size: COMPUTER,
    shows: {
      ca: 'Una videotrucada al lloc de treball: la persona, i al costat què vol i què s’ha fet',
      es: 'Una videollamada en el puesto de trabajo: la persona, y al lado qué quiere y qué se ha hecho',
      en: 'A video call at the desk: the person, and beside them what they want and what was done',
      eu: 'Bideodei bat lanpostuan: pertsona, eta alboan zer nahi duen eta zer egin den',
    },
  },
  {
    name: 'call-on-telephone',
    side: 'citizen',
    size: { width: 360, height: 740 },
    shows: {
      ca: 'Una videotrucada al telèfon: qui atén, un mateix, i els botons',
      es: 'Una videollamada en el teléfono: quién atiende, uno mismo, y los botones',
      en: 'A video call on a telephone: who attends, oneself, and the buttons',
      eu: 'Bideodei bat telefonoan: artatzen duena, norbera, eta botoiak',
    },
  },
];

/** The files of the pictures, by their paths in the project, with what each shows. */
export const pictureFiles = (): {
  path: string;
  picture: Picture;
  language: SiteLanguage;
  shows: string;
}[] =>
  PICTURES.flatMap((picture) =>
    SITE_LANGUAGES.flatMap((language) => {
      const shows = picture.shows[language];
      const path = `docs/images/${language}/${picture.name}.webp`;
      return shows === undefined ? [] : [{ path, picture, language, shows }];
    }),
  );
