import type { Audience, SiteLanguage } from './contents.ts';

/** The words of the site around its pages. */
export interface SiteTexts {
  /** The language's own name. */
  name: string;
  site: string;
  lead: string;
  skip: string;
  here: string;
  contents: string;
  onThisPage: string;
  search: string;
  searchFor: string;
  searchLead: string;
  /** With `{count}`. */
  found: string;
  none: string;
  index: string;
  languages: string;
  previous: string;
  next: string;
  inEnglish: string;
  decisions: string;
  decisionsLead: string;
  api: string;
  /** With `{name}`. */
  table: string;
  /** Heads of columns that have none. */
  columns: { first: string; other: string };
  program: string;
  audiences: Record<Audience, { title: string; lead: string }>;
}

export const SITE_TEXTS: Record<SiteLanguage, SiteTexts> = {
  ca: {
    name: 'Català',
    site: 'Documentació de Finestreta',
    lead: 'Què fa Finestreta i com es fa servir, per a cada persona que hi té a veure.',
    skip: 'Ves al contingut',
    here: 'Sou a',
    contents: 'Contingut',
    onThisPage: 'En aquesta pàgina',
    search: 'Cerca',
    searchFor: 'Cerca a la documentació',
    searchLead: 'Escriviu una paraula o busqueu-la a la llista de la A a la Z.',
    found: '{count} resultats',
    none: 'No s’ha trobat res. Proveu amb una altra paraula.',
    index: 'De la A a la Z',
    languages: 'Llengües',
    previous: 'Anterior',
    next: 'Següent',
    inEnglish: 'en anglès',
    decisions: 'Decisions',
    decisionsLead: 'Per què Finestreta és com és: cada decisió, què es va mirar i què costa.',
    api: 'Referència de l’API',
    table: 'Taula: {name}',
    columns: { first: 'Què', other: 'Què vol dir' },
    program: 'Programa',
    audiences: {
      helpers: {
        title: 'Si ajudeu algú',
        lead: 'A la biblioteca, als serveis socials o a casa: com es demana una cita, què cal i què en desa l’ajuntament.',
      },
      agents: {
        title: 'Agents',
        lead: 'Un dia a la taula: cites, trucades, xats, peticions i expedients.',
      },
      coordinators: {
        title: 'Coordinació',
        lead: 'El dia d’una oficina, els torns i les xifres.',
      },
      administrators: {
        title: 'Administració',
        lead: 'Oficines, tràmits, textos, persones i permisos.',
      },
      procurement: {
        title: 'Contractació i compliment',
        lead: 'ENS, protecció de dades, accessibilitat, nivells de servei i llicències.',
      },
      operators: { title: 'Operació', lead: 'Instal·lar, configurar, copiar i vigilar.' },
      integrators: { title: 'Integració', lead: 'L’API, els formularis i els formats.' },
      developers: { title: 'Desenvolupament', lead: 'Com és el codi i com es canvia.' },
    },
  },
  es: {
    name: 'Castellano',
    site: 'Documentación de Finestreta',
    lead: 'Qué hace Finestreta y cómo se usa, para cada persona que tiene que ver con ella.',
    skip: 'Ir al contenido',
    here: 'Está en',
    contents: 'Contenido',
    onThisPage: 'En esta página',
    search: 'Buscar',
    searchFor: 'Buscar en la documentación',
    searchLead: 'Escriba una palabra o búsquela en la lista de la A a la Z.',
    found: '{count} resultados',
    none: 'No se ha encontrado nada. Pruebe con otra palabra.',
    index: 'De la A a la Z',
    languages: 'Lenguas',
    previous: 'Anterior',
    next: 'Siguiente',
    inEnglish: 'en inglés',
    decisions: 'Decisiones',
    decisionsLead: 'Por qué Finestreta es como es: cada decisión, qué se miró y qué cuesta.',
    api: 'Referencia de la API',
    table: 'Tabla: {name}',
    columns: { first: 'Qué', other: 'Qué significa' },
    program: 'Programa',
    audiences: {
      helpers: {
        title: 'Si ayuda a alguien',
        lead: 'En la biblioteca, en servicios sociales o en casa: cómo se pide una cita, qué hace falta y qué guarda el ayuntamiento.',
      },
      agents: {
        title: 'Agentes',
        lead: 'Un día en la mesa: citas, llamadas, chats, peticiones y expedientes.',
      },
      coordinators: {
        title: 'Coordinación',
        lead: 'El día de una oficina, los turnos y las cifras.',
      },
      administrators: {
        title: 'Administración',
        lead: 'Oficinas, trámites, textos, personas y permisos.',
      },
      procurement: {
        title: 'Contratación y cumplimiento',
        lead: 'ENS, protección de datos, accesibilidad, niveles de servicio y licencias.',
      },
      operators: { title: 'Operación', lead: 'Instalar, configurar, copiar y vigilar.' },
      integrators: { title: 'Integración', lead: 'La API, los formularios y los formatos.' },
      developers: { title: 'Desarrollo', lead: 'Cómo es el código y cómo se cambia.' },
    },
  },
  en: {
    name: 'English',
    site: 'Finestreta’s documentation',
    lead: 'What Finestreta does and how it is used, for everybody who has to do with it.',
    skip: 'Skip to the content',
    here: 'You are here',
    contents: 'Contents',
    onThisPage: 'On this page',
    search: 'Search',
    searchFor: 'Search the documentation',
    searchLead: 'Write a word, or look for it in the list from A to Z.',
    found: '{count} results',
    none: 'Nothing was found. Try another word.',
    index: 'From A to Z',
    languages: 'Languages',
    previous: 'Previous',
    next: 'Next',
    inEnglish: 'in English',
    decisions: 'Decisions',
    decisionsLead: 'Why Finestreta is as it is: each decision, what was looked at, what it costs.',
    api: 'API reference',
    table: 'Table: {name}',
    columns: { first: 'What', other: 'Meaning' },
    program: 'Program',
    audiences: {
      helpers: {
        title: 'If you help somebody',
        lead: 'In the library, in social services or at home: how to book, what one needs, and what the town keeps.',
      },
      agents: {
        title: 'Agents',
        lead: 'A day at the desk: appointments, calls, chats, requests and cases.',
      },
      coordinators: { title: 'Coordinators', lead: 'The day of an office, shifts and figures.' },
      administrators: {
        title: 'Administrators',
        lead: 'Offices, procedures, texts, people and rights.',
      },
      procurement: {
        title: 'Procurement and compliance',
        lead: 'ENS, data protection, accessibility, service levels and licences.',
      },
      operators: { title: 'Operators', lead: 'Install, configure, back up and watch.' },
      integrators: { title: 'Integrators', lead: 'The API, forms and formats.' },
      developers: { title: 'Developers', lead: 'How the code is, and how it is changed.' },
    },
  },
  eu: {
    name: 'Euskara',
    site: 'Finestretaren dokumentazioa',
    lead: 'Finestretak zer egiten duen eta nola erabiltzen den, harekin zerikusia duen pertsona bakoitzarentzat.',
    skip: 'Joan edukira',
    here: 'Hemen zaude',
    contents: 'Edukia',
    onThisPage: 'Orri honetan',
    search: 'Bilatu',
    searchFor: 'Bilatu dokumentazioan',
    searchLead: 'Idatzi hitz bat, edo bilatu Atik Zrako zerrendan.',
    found: '{count} emaitza',
    none: 'Ez da ezer aurkitu. Probatu beste hitz batekin.',
    index: 'Atik Zra',
    languages: 'Hizkuntzak',
    previous: 'Aurrekoa',
    next: 'Hurrengoa',
    inEnglish: 'ingelesez',
    decisions: 'Erabakiak',
    decisionsLead:
      'Zergatik den Finestreta den bezalakoa: erabaki bakoitza, zer begiratu zen eta zer kostatzen den.',
    api: 'APIaren erreferentzia',
    table: 'Taula: {name}',
    columns: { first: 'Zer', other: 'Zer esan nahi du' },
    program: 'Programa',
    audiences: {
      helpers: {
        title: 'Norbaiti laguntzen badiozu',
        lead: 'Liburutegian, gizarte-zerbitzuetan edo etxean: hitzordua nola hartzen den, zer behar den eta zer gordetzen duen udalak.',
      },
      agents: {
        title: 'Agenteak',
        lead: 'Egun bat mahaian: hitzorduak, deiak, txatak, komunikazioak eta espedienteak.',
      },
      coordinators: {
        title: 'Koordinazioa',
        lead: 'Bulego baten eguna, txandak eta zifrak.',
      },
      administrators: {
        title: 'Administrazioa',
        lead: 'Bulegoak, izapideak, testuak, pertsonak eta baimenak.',
      },
      procurement: {
        title: 'Kontratazioa eta betetzea',
        lead: 'ENS, datuen babesa, irisgarritasuna, zerbitzu-mailak eta lizentziak.',
      },
      operators: { title: 'Eragiketa', lead: 'Instalatu, konfiguratu, kopiatu eta zaindu.' },
      integrators: { title: 'Integrazioa', lead: 'APIa, inprimakiak eta formatuak.' },
      developers: { title: 'Garapena', lead: 'Kodea nolakoa den eta nola aldatzen den.' },
    },
  },
};
