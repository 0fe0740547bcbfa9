import type { Office, Town } from '../../domain/office/types.ts';
import { telephoneAddress } from '../../domain/phone.ts';
import type { Edition } from '../../features/insight/statistics/types.ts';
import { urls } from '../citizen/urls.ts';
import { DESCRIBED_IN, inEach } from './dictionary.ts';
import { nameIn } from './files.ts';

const EU = 'http://publications.europa.eu/resource/authority';
/** The European Union's codes of languages. */
export const EU_LANGUAGES = {
  ca: `${EU}/language/CAT`,
  es: `${EU}/language/SPA`,
  en: `${EU}/language/ENG`,
  eu: `${EU}/language/EUS`,
} as const;
const SECTOR = 'http://datos.gob.es/kos/sector-publico/sector';
const IANA = 'http://www.iana.org/assignments/media-types';
/** The law on the re-use of public-sector information. */
const LEY_37_2007 = 'https://www.boe.es/eli/es/l/2007/11/16/37';

const CONTEXT = {
  adms: 'http://www.w3.org/ns/adms#',
  dcat: 'http://www.w3.org/ns/dcat#',
  dcatap: 'http://data.europa.eu/r5r/',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

const at = (id: string) => ({ '@id': id });
const literals = (texts: Partial<Record<string, string>>) =>
  Object.entries(texts).map(([language, text]) => ({ '@language': language, '@value': text }));
const date = (value: string) => ({ '@type': 'xsd:date', '@value': value });

interface Described {
  baseUrl: string;
  town: Town;
  office: Office;
  edition: Edition | null;
  /** The figures of requests; null: the office takes none. */
  requests: { edition: Edition | null } | null;
  /** The default for unknown dates. */
  today: string;
}

/** Returns an office's open data as the national catalogue harvests it: DCAT-AP-ES 1.0.0, in JSON-LD. */
export function dcatOf(described: Described): object {
  const { baseUrl, office, edition, today } = described;
  const root = openRoot(baseUrl, office);
  const publisher = publisherOf(described);
  const dayOf = (at: Temporal.Instant) =>
    at.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();
  const declared = office.declaredAt ? dayOf(office.declaredAt) : today;
  const published = edition ? dayOf(edition.at) : declared;
  const common = {
    'dct:publisher': publisher,
    'dct:license': at(`${EU}/licence/CC_BY_4_0`),
    'dct:language': DESCRIBED_IN.map((each) => at(EU_LANGUAGES[each])),
    ...spatialOf(office),
  };
  const datasets = [
    { ...figuresOf(described), 'dct:modified': date(published) },
    { ...proceduresOf(described, declared), 'dct:modified': date(declared) },
    ...requestFiguresOf(described).map((each) => ({
      ...each,
      'dct:modified': date(
        described.requests?.edition ? dayOf(described.requests.edition.at) : declared,
      ),
    })),
  ].map((each) => ({
    ...each,
    '@type': 'dcat:Dataset',
    'dct:publisher': publisher,
    'dcat:theme': [at(`${SECTOR}/sector-publico`), at(`${EU}/data-theme/GOVE`)],
    'dct:language': DESCRIBED_IN.map((language) => at(EU_LANGUAGES[language])),
    'dct:accessRights': at(`${EU}/access-right/PUBLIC`),
    'dcat:contactPoint': contactOf(described),
    'dcat:landingPage': at(pageOf(described)),
    ...spatialOf(office),
    ...legislationOf(office),
  }));
  return {
    '@context': CONTEXT,
    '@graph': [
      {
        '@id': `${root}/dcat.jsonld`,
        '@type': 'dcat:Catalog',
        'dct:title': literals(
          inEach((t) => t('open.catalogue.title', { office: nameIn(office, t.language) })),
        ),
        'dct:description': literals(inEach((t) => t('open.lead'))),
        ...common,
        'foaf:homepage': at(pageOf(described)),
        'dcat:themeTaxonomy': [at(SECTOR), at(`${EU}/data-theme`)],
        'dct:issued': date(edition ? dayOf(edition.since) : declared),
        'dct:modified': date([published, declared].sort().at(-1) ?? published),
        'dcat:dataset': datasets.map((each) => at(each['@id'])),
      },
      ...datasets,
    ],
  };
}

export const openRoot = (baseUrl: string, office: Office): string =>
  `${baseUrl}/open-data/${office.code}`;

const pageOf = ({ baseUrl, town, office }: Described) =>
  baseUrl + urls(town.languages[0] ?? 'ca').data(office.code);

function figuresOf(described: Described) {
  const { baseUrl, office, edition } = described;
  const root = openRoot(baseUrl, office);
  return {
    '@id': `${root}/figures`,
    'dct:identifier': `${root}/figures`,
    'dct:title': literals(
      inEach((t) => t('open.dataset.title', { office: nameIn(office, t.language) })),
    ),
    'dct:description': literals(
      inEach((t) => t('open.dataset.text', { office: nameIn(office, t.language) })),
    ),
    'dcat:keyword': literals(inEach((t) => t('figures.measure.booked'))),
    'dct:accrualPeriodicity': at(`${EU}/frequency/MONTHLY`),
    ...(edition && periodOf(edition)),
    'dcat:distribution': [
      distribution(described, 'figures.csv', 'CSV', 'text/csv', 'open.file.csv'),
      distribution(described, 'figures.json', 'JSON', 'application/json', 'open.file.json'),
    ],
  };
}

const periodOf = ({ first, last }: Edition) => ({
  'dct:temporal': {
    '@type': 'dct:PeriodOfTime',
    'dcat:startDate': date(first),
    'dcat:endDate': date(
      Temporal.PlainDate.from(last).add({ months: 1 }).subtract({ days: 1 }).toString(),
    ),
  },
});

/** Returns the dataset of requests, or nothing where the office takes none. */
function requestFiguresOf(described: Described) {
  const { baseUrl, office, requests } = described;
  if (!requests) return [];
  const root = openRoot(baseUrl, office);
  const named = (t: { language: keyof Office['name'] }) => ({ office: nameIn(office, t.language) });
  return [
    {
      '@id': `${root}/requests`,
      'dct:identifier': `${root}/requests`,
      'dct:title': literals(inEach((t) => t('open.requests.title', named(t)))),
      'dct:description': literals(inEach((t) => t('open.requests.text', named(t)))),
      'dcat:keyword': literals(inEach((t) => t('open.unit.requests'))),
      'dct:accrualPeriodicity': at(`${EU}/frequency/MONTHLY`),
      ...(requests.edition && periodOf(requests.edition)),
      'dcat:distribution': [
        distribution(described, 'requests.csv', 'CSV', 'text/csv', 'open.requests.csv'),
        distribution(described, 'requests.json', 'JSON', 'application/json', 'open.requests.json'),
      ],
    },
  ];
}

/** The procedures as they are since the office was last declared, until it is declared again. */
function proceduresOf(described: Described, declared: string) {
  const { baseUrl, office } = described;
  const root = openRoot(baseUrl, office);
  const titles = inEach((t) => `${t('open.file.procedures')}: ${nameIn(office, t.language)}`);
  return {
    '@id': `${root}/procedures`,
    'dct:identifier': `${root}/procedures`,
    'dct:title': literals(titles),
    'dct:description': literals(titles),
    'dcat:keyword': literals(inEach((t) => t('figures.measure.procedures'))),
    'dct:accrualPeriodicity': at(`${EU}/frequency/IRREG`),
    'dct:temporal': { '@type': 'dct:PeriodOfTime', 'dcat:startDate': date(declared) },
    'dcat:distribution': [
      distribution(
        ...([described, 'procedures.jsonld', 'JSON_LD', 'application/ld+json'] as const),
        'open.file.procedures',
      ),
    ],
  };
}

function distribution(
  { baseUrl, office }: Described,
  file: string,
  format: string,
  type: string,
  title:
    | ('open.file.csv' | 'open.file.json' | 'open.file.procedures')
    | ('open.requests.csv' | 'open.requests.json'),
) {
  const address = `${openRoot(baseUrl, office)}/${file}`;
  return {
    '@id': `${address}#distribution`,
    '@type': 'dcat:Distribution',
    'dct:title': literals(inEach((t) => t(title))),
    'dct:description': literals(inEach((t) => t('open.lead'))),
    'dcat:accessURL': at(address),
    'dcat:downloadURL': at(address),
    'dct:format': at(`${EU}/file-type/${format}`),
    'dcat:mediaType': at(`${IANA}/${type}`),
    'dct:license': at(`${EU}/licence/CC_BY_4_0`),
    'dcatap:availability': at(`${EU}/planned-availability/STABLE`),
    ...legislationOf(office),
  };
}

/**
 * Returns the publisher: by its number in the State's directory (DIR3), where the town file has it; else
 * by its name.
 */
function publisherOf({ baseUrl, town }: Described): object {
  if (town.dir3) return at(`http://datos.gob.es/recurso/sector-publico/org/Organismo/${town.dir3}`);
  return {
    '@id': `${baseUrl}/#publisher`,
    '@type': 'foaf:Organization',
    'foaf:name': literals({ es: town.mailFrom ?? town.name }),
  };
}

const contactOf = (described: Described): object => {
  const { office, town } = described;
  const contact = office.settings.contact ?? town.contact;
  const names = literals(inEach((t) => nameIn(office, t.language)));
  return {
    '@type': 'vcard:Organization',
    'vcard:fn': names,
    'vcard:organization-name': names,
    // DCAT-AP-ES: the body's code in the State's directory, as the identifier of the contact.
    ...(town.dir3 && { 'vcard:hasUID': publisherOf(described) }),
    ...(contact?.phone && { 'vcard:hasTelephone': at(telephoneAddress(contact.phone)) }),
    ...(contact?.email && { 'vcard:hasEmail': at(`mailto:${contact.email}`) }),
    'vcard:hasURL': at(contact?.url ?? pageOf(described)),
  };
};

const inSpain = ({ settings }: Office): boolean => settings.country === 'ES';
const spatialOf = (office: Office) =>
  inSpain(office) ? { 'dct:spatial': at(`${EU}/country/ESP`) } : {};
const legislationOf = (office: Office) =>
  inSpain(office) ? { 'dcatap:applicableLegislation': at(LEY_37_2007) } : {};
