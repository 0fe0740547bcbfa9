/** A person of the demonstration, with an identifier that nobody has. */
export interface DemoPerson {
  identifier: string;
  given: string;
  family: string;
  /** The organisation for which they act; null: for themselves. */
  company: { identifier: string; name: string } | null;
}

/** The people as whom anybody can identify. Their identifiers have the right letter and are published examples. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { identifier: '12345678Z', given: 'Rosa', family: 'Soler Vidal', company: null },
  { identifier: 'X0000000T', given: 'Amina', family: 'El Idrissi', company: null },
  { identifier: '99999999R', given: 'Jordi', family: 'Pons Riba', company: null },
  {
    identifier: '00000000T',
    given: 'Ciutadania',
    family: 'Fictícia',
    company: { identifier: 'Q0000000J', name: 'Persona jurídica fictícia' },
  },
];

/** The domain of the made-up people who fill the demo's days (RFC 2606). */
export const MADE_UP_DOMAIN = 'veinat.example';
/** How the telephones of these people begin. */
export const MADE_UP_PHONES = '+3460001';

/** Returns whether an address or a telephone is that of a made-up person: nobody wants to read what they are sent. */
export const isMadeUp = (recipient: string): boolean =>
  recipient.endsWith(`@${MADE_UP_DOMAIN}`) || recipient.startsWith(MADE_UP_PHONES);

/** Somebody as whom one comes in with one press. */
export interface Persona {
  code: 'citizen' | 'marta' | 'nuria' | 'albert' | 'mayor' | 'biel';
  /** The address of their account; null: the first of `DEMO_PEOPLE`, who has none. */
  email: string | null;
  /** The page on which they begin. */
  begins: string;
}

/** The people of the demo town as whom one comes in. */
export const PERSONAS: readonly Persona[] = [
  { code: 'citizen', email: null, begins: '/folder' },
  { code: 'marta', email: 'marta.soler@vilaclara.example', begins: '/console/oac' },
  { code: 'nuria', email: 'nuria.roca@vilaclara.example', begins: '/console/oac/now' },
  { code: 'albert', email: 'albert.serra@vilaclara.example', begins: '/console/oac/admin' },
  { code: 'mayor', email: 'alcaldia@vilaclara.example', begins: '/staff/month' },
  { code: 'biel', email: 'sistemes@vilaclara.example', begins: '/staff/operation' },
];
