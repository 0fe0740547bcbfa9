import type { Language } from '../../lib/i18n/languages.ts';

/** What people tell, by the code of the type, in the languages in which they tell it. Nobody is in it. */
export const TOLD: Readonly<
  Record<string, Readonly<Partial<Record<Language, readonly string[]>>>>
> = {
  fanal: {
    ca: [
      'Fa pampallugues tota la nit.',
      'El fanal de davant de casa no s’encén des de dissabte.',
      'N’hi ha tres d’apagats seguits i no s’hi veu gens.',
    ],
    es: ['La farola parpadea y no deja dormir.', 'Está apagada desde hace una semana.'],
    en: ['The light on the corner has been off for days.'],
  },
  clot: {
    ca: ['Hi ha un forat al mig del carrer.', 'Falten tres rajoles i la gent hi cau.'],
    es: ['Un bache muy grande, ya se me ha pinchado la rueda.'],
    en: ['A paving stone is loose in front of the pharmacy.'],
  },
  senyal: {
    ca: ['El semàfor no passa mai a verd.', 'El senyal de STOP és a terra.'],
    es: ['La señal está tapada por un árbol.'],
  },
  neteja: {
    ca: ['El contenidor del paper és ple des de dilluns.', 'Hi ha vidres trencats a la vorera.'],
    es: ['No han recogido la basura en dos días.', 'Una pintada en la pared de la escuela.'],
    en: ['Dog mess all along the path to the school.'],
  },
  mobles: {
    ca: ['Un sofà i dues cadires a la vorera.', 'Han deixat un matalàs al costat del contenidor.'],
    es: ['Una nevera vieja en medio de la acera.'],
  },
  arbre: {
    ca: ['Una branca penja sobre els gronxadors.', 'L’arbre s’ha mort i està a punt de caure.'],
    es: ['El columpio está roto y los niños se hacen daño.'],
  },
  plagues: {
    ca: ['Hi ha rates al solar del costat.'],
    es: ['El parque está lleno de mosquitos tigre.'],
  },
  barrera: {
    ca: ['La vorera no té gual i amb la cadira no hi puc pujar.'],
    es: ['El escalón de la parada del autobús es demasiado alto.'],
    en: ['The lift at the station has been out of order for weeks.'],
  },
  soroll: {
    ca: ['La terrassa del bar no tanca fins a les dues.'],
    es: ['La obra de al lado empieza a las seis de la mañana.'],
  },
  'queixa-atencio': {
    ca: ['Vaig trucar tres vegades i ningú no va contestar.'],
    es: ['Me hicieron volver dos veces por el mismo papel.'],
  },
  suggeriment: {
    ca: ['Poseu més bancs a l’ombra a la plaça.', 'Estaria bé obrir la biblioteca els dissabtes.'],
    es: ['Una fuente en el parque infantil.', 'Que se pueda pagar con el móvil.'],
    en: ['A map of the bus stops in English would help.'],
  },
  consulta: {
    ca: ['A quina hora obre la deixalleria els dissabtes?', 'Quan es paguen els rebuts?'],
    es: ['¿Qué necesito para empadronar a mi madre?'],
  },
  gracies: {
    ca: ['Gràcies per arreglar el parc tan de pressa.'],
    es: ['Gracias a la chica que me atendió, un encanto.'],
  },
};

/** How often each type is told; the others once. */
export const OFTEN: Readonly<Record<string, number>> = {
  neteja: 26,
  mobles: 17,
  fanal: 14,
  clot: 12,
  arbre: 8,
  soroll: 6,
  senyal: 5,
  barrera: 4,
  suggeriment: 5,
  plagues: 4,
  consulta: 5,
  'queixa-atencio': 3,
  gracies: 2,
};

/** Names of streets; numbers are drawn. */
export const STREETS = [
  ...['Carrer Major', 'Carrer de la Font', 'Passeig de l’Estació', 'Avinguda del Pla'],
  ...['Carrer de les Eres', 'Carrer Nou', 'Ronda de Llevant', 'Carrer del Molí', 'Plaça Major'],
] as const;

/** What the office answers. */
export const ANSWERED: Readonly<Record<Language, readonly string[]>> = {
  ca: ['Ja està arreglat. Gràcies per avisar-nos.', 'Hi hem passat aquest matí i ja està fet.'],
  es: ['Ya está arreglado. Gracias por avisarnos.'],
  en: ['It is done. Thank you for telling us.'],
  eu: ['Konponduta dago. Eskerrik asko abisatzeagatik.'],
};

export const ASKED_BACK: Readonly<Record<Language, string>> = {
  ca: 'Ens pots dir a quina alçada és exactament?',
  es: '¿Nos puedes decir a qué altura está exactamente?',
  en: 'Can you tell us where exactly it is?',
  eu: 'Esango diguzu non dagoen zehazki?',
};
