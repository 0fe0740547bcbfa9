/** Sample answers for the document and its page. */

const texts = (ca: string, es: string, en: string, eu: string) => ({ ca, es, en, eu });

export const OFFICE_SAMPLE = {
  code: 'oac',
  name: texts(
    'Oficina d’Atenció Ciutadana',
    'Oficina de Atención Ciudadana',
    'Citizen Service Office',
    'Herritarrak Artatzeko Bulegoa',
  ),
  timeZone: 'Europe/Madrid',
  languages: ['ca', 'es', 'en', 'eu'],
  contact: { email: 'oac@vilaclara.example', phone: '+34930000010' },
  sites: [],
  walkIn: [
    {
      address: 'Plaça Major, 1, Vilaclara',
      hours: texts(
        'De dilluns a divendres, de 9 a 14 h',
        'De lunes a viernes, de 9 a 14 h',
        'Monday to Friday, 9 am to 2 pm',
        'Astelehenetik ostiralera, 9:00-14:00',
      ),
    },
  ],
  otherWays: [],
  themes: [{ code: 'padro', name: texts('Padró', 'Padrón', 'Residence register', 'Errolda') }],
  leadMinutes: 60,
  horizonDays: 30,
  combining: { procedures: 1, people: 1, minutes: 120, roundTo: 5 },
};

export const PROCEDURE_SAMPLE = {
  code: 'volant-padro',
  kind: 'procedure',
  name: texts('Volant de padró', 'Volante de padrón', 'Residence certificate', 'Errolda-agiria'),
  theme: 'padro',
  channels: { phone: 15, video: 20 },
  combining: { alone: false, with: [], further: 5 },
  documents: [
    {
      code: 'dni',
      name: texts('DNI o NIE', 'DNI o NIE', 'Identity card', 'NANa edo AIZa'),
      required: true,
      onlyOnBehalf: false,
    },
  ],
  identity: 'shown',
  level: 'substantial',
  onBehalf: true,
  obligedElectronic: false,
  otherWays: [],
  keywords: { ca: ['empadronament'], es: ['empadronamiento'] },
};
