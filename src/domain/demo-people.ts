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
