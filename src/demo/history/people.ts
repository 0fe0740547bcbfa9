import { MADE_UP_DOMAIN, MADE_UP_PHONES } from '../../domain/demo-people.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import type { Draws } from './draws.ts';

/** People of the town. No name belongs to somebody: given and family names are drawn apart. */
const GIVEN: Readonly<Record<Language, readonly string[]>> = {
  ca: [
    ...['Montserrat', 'Jordi', 'Núria', 'Marc', 'Laia', 'Pau', 'Mercè', 'Joan', 'Anna', 'Oriol'],
    ...[
      'Teresa',
      'Ramon',
      'Carla',
      'Martí',
      'Neus',
      'Albert',
      'Júlia',
      'Ferran',
      'Roser',
      'Bernat',
    ],
  ],
  es: [
    ...['Carmen', 'Antonio', 'Lucía', 'Manuel', 'Fatima', 'Mohamed', 'Rocío', 'Javier', 'Pilar'],
    ...['Youssef', 'Salma', 'Andrés', 'Milagros', 'Wilson', 'Yolanda', 'Rafael', 'Khadija', 'Iván'],
  ],
  en: ['Emma', 'Ionut', 'Priya', 'Oleksandra', 'James', 'Mei', 'Chiara', 'Amadou', 'Hannah', 'Ali'],
  eu: ['Miren', 'Iker', 'Nekane', 'Aitor', 'Ainhoa', 'Gorka'],
};

const FAMILY: Readonly<Record<Language, readonly string[]>> = {
  ca: [
    ...['Puig', 'Serra', 'Vila', 'Font', 'Roca', 'Soler', 'Ferrer', 'Bosch', 'Costa', 'Pujol'],
    ...['Vidal', 'Riera', 'Mas', 'Camps', 'Prat', 'Sala', 'Casals', 'Oliver', 'Bonet', 'Coll'],
  ],
  es: [
    ...['García', 'Martínez', 'López', 'Sánchez', 'El Amrani', 'Benali', 'Romero', 'Torres'],
    ...['Quispe', 'Moreno', 'Jiménez', 'Ruiz', 'Haddad', 'Navarro', 'Castillo', 'Ortega'],
  ],
  en: ['Smith', 'Popescu', 'Sharma', 'Kovalenko', 'Wang', 'Rossi', 'Diallo', 'Taylor', 'Khan'],
  eu: ['Etxeberria', 'Agirre', 'Mendizabal', 'Zubiri', 'Otegi', 'Larrañaga'],
};

export interface MadePerson {
  name: string;
  phone: string;
  email: string;
}

/**
 * Returns somebody who speaks a language. Their address is under `.example` (RFC 2606), and no SMS of a demo
 * leaves it.
 */
export function personOf(draws: Draws, language: Language): MadePerson {
  const name = `${draws.pick(GIVEN[language])} ${draws.pick(FAMILY[language])} ${draws.pick(FAMILY[draws.chance(0.8) ? language : 'ca'])}`;
  const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  const [given = '', family = ''] = plain.split(/[^a-z]+/);
  const number = draws.between(0, 9999);
  return {
    name,
    phone: `${MADE_UP_PHONES}${String(number).padStart(4, '0')}`,
    email: `${given}.${family}${number % 100}@${MADE_UP_DOMAIN}`,
  };
}

/** How often each language is asked for. */
export const SPOKEN: Readonly<Record<Language, number>> = { ca: 70, es: 23, en: 6, eu: 1 };

/** What people write after an appointment, by what they thought of it. */
export const COMMENTS: Readonly<
  Record<'good' | 'mixed' | 'bad', Readonly<Record<Language, readonly string[]>>>
> = {
  good: {
    ca: [
      'M’han trucat a l’hora en punt i en deu minuts ho tenia fet.',
      'Molt amable i molt clar. No he hagut de demanar festa a la feina.',
      'Per videotrucada m’ha anat molt bé, no puc sortir gaire de casa.',
      'Feia por el paper i m’ho han explicat amb paciència. Gràcies.',
      'Ho han resolt tot en la mateixa trucada.',
      'La noia m’ha ajudat a omplir-ho. Un deu.',
    ],
    es: [
      'Muy bien, me llamaron a la hora y me lo dejaron hecho.',
      'Muy amables. Ojalá todas las administraciones fueran así.',
      'No tuve que ir hasta allí, con el niño pequeño es una maravilla.',
      'Me lo explicó todo despacio y lo entendí.',
      'Rápido y sin vueltas.',
    ],
    en: [
      'They called on time and sorted it out in one go.',
      'Very patient with my Catalan. Thank you!',
      'I never had to leave work for it.',
      'Clear, kind and quick.',
    ],
    eu: ['Oso ondo, garaiz deitu zidaten.', 'Adeitsua eta argia, eskerrik asko.'],
  },
  mixed: {
    ca: [
      'Bé, però m’hauria agradat saber abans quins papers calien.',
      'L’atenció bé. El vídeo es tallava una mica.',
      'Vaig haver d’esperar uns quants dies per tenir hora.',
    ],
    es: [
      'Bien, aunque la primera llamada no la oí y tuve que esperar.',
      'Me atendieron bien, pero tengo que volver a llamar por un papel.',
    ],
    en: ['Fine, but I had to send one paper twice.'],
    eu: ['Ondo, baina egun asko itxaron behar izan nuen.'],
  },
  bad: {
    ca: [
      'Van trucar vint minuts tard i ja no podia parlar.',
      'No m’ho han pogut resoldre i em toca tornar a demanar hora.',
    ],
    es: ['Me llamaron tarde y con prisas.', 'Sigo sin saber qué papel me falta.'],
    en: ['Nobody rang at the hour they said.'],
    eu: ['Berandu deitu zidaten eta ez zen konpondu.'],
  },
};
