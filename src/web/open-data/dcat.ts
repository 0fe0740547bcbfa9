import type { Body, Town } from '../../features/bodies/types.ts';
import type { Edition } from '../../features/statistics/types.ts';
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
/** On the re-use of what the public sector knows. */
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
  body: Body;
  edition: Edition | null;
  /** Where it isn't known any better. */
  today: string;
}

/** A body's open data, as the national catalogue harvests them: DCAT-AP-ES 1.0.0, in JSON-LD. */
export function dcatOf(described: Described): object {
  const { baseUrl, body, edition, today } = described;
  const root = openRoot(baseUrl, body);
  const publisher = publisherOf(described);
  const dayOf = (at: Temporal.Instant) =>
    at.toZonedDateTimeISO(body.timeZone).toPlainDate().toString();
  const declared = body.declaredAt ? dayOf(body.declaredAt) : today;
  const published = edition ? dayOf(edition.at) : declared;
  const common = {
    'dct:publisher': publisher,
    'dct:license': at(`${EU}/licence/CC_BY_4_0`),
    'dct:language': DESCRIBED_IN.map((each) => at(EU_LANGUAGES[each])),
    ...spatialOf(body),
  };
  const datasets = [
    { ...figuresOf(described), 'dct:modified': date(published) },
    { ...proceduresOf(described), 'dct:modified': date(declared) },
  ].map((each) => ({
    ...each,
    '@type': 'dcat:Dataset',
    'dct:publisher': publisher,
    'dcat:theme': [at(`${SECTOR}/sector-publico`), at(`${EU}/data-theme/GOVE`)],
    'dct:language': DESCRIBED_IN.map((language) => at(EU_LANGUAGES[language])),
    'dct:accessRights': at(`${EU}/access-right/PUBLIC`),
    'dcat:contactPoint': contactOf(described),
    'dcat:landingPage': at(pageOf(described)),
    ...spatialOf(body),
    ...legislationOf(body),
  }));
  return {
    '@context': CONTEXT,
    '@graph': [
      {
        '@id': `${root}/dcat.jsonld`,
        '@type': 'dcat:Catalog',
        'dct:title': literals(
          inEach((t) => t('open.catalogue.title', { body: nameIn(body, t.language) })),
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

export const openRoot = (baseUrl: string, body: Body): string =>
  `${baseUrl}/open-data/${body.code}`;

const pageOf = ({ baseUrl, town, body }: Described) =>
  baseUrl + urls(town.languages[0] ?? 'ca').data(body.code);

function figuresOf(described: Described) {
  const { baseUrl, body, edition } = described;
  const root = openRoot(baseUrl, body);
  return {
    '@id': `${root}/figures`,
    'dct:identifier': `${root}/figures`,
    'dct:title': literals(
      inEach((t) => t('open.dataset.title', { body: nameIn(body, t.language) })),
    ),
    'dct:description': literals(
      inEach((t) => t('open.dataset.text', { body: nameIn(body, t.language) })),
    ),
    'dcat:keyword': literals(inEach((t) => t('figures.measure.booked'))),
    'dct:accrualPeriodicity': at(`${EU}/frequency/MONTHLY`),
    ...(edition && {
      'dct:temporal': {
        '@type': 'dct:PeriodOfTime',
        'dcat:startDate': date(edition.first),
        'dcat:endDate': date(
          Temporal.PlainDate.from(edition.last).add({ months: 1 }).subtract({ days: 1 }).toString(),
        ),
      },
    }),
    'dcat:distribution': [
      distribution(described, 'figures.csv', 'CSV', 'text/csv', 'open.file.csv'),
      distribution(described, 'figures.json', 'JSON', 'application/json', 'open.file.json'),
    ],
  };
}

function proceduresOf(described: Described) {
  const { baseUrl, body } = described;
  const root = openRoot(baseUrl, body);
  const titles = inEach((t) => `${t('open.file.procedures')}: ${nameIn(body, t.language)}`);
  return {
    '@id': `${root}/procedures`,
    'dct:identifier': `${root}/procedures`,
    'dct:title': literals(titles),
    'dct:description': literals(titles),
    'dcat:keyword': literals(inEach((t) => t('figures.measure.procedures'))),
    'dct:accrualPeriodicity': at(`${EU}/frequency/IRREG`),
    'dcat:distribution': [
      distribution(
        ...([described, 'procedures.jsonld', 'JSON_LD', 'application/ld+json'] as const),
        'open.file.procedures',
      ),
    ],
  };
}

function distribution(
  { baseUrl, body }: Described,
  file: string,
  format: string,
  type: string,
  title: 'open.file.csv' | 'open.file.json' | 'open.file.procedures',
) {
  const address = `${openRoot(baseUrl, body)}/${file}`;
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
    ...legislationOf(body),
  };
}

/** By its number in the State's directory (DIR3), where the town file says it; else by its name. */
function publisherOf({ baseUrl, town }: Described): object {
  if (town.dir3) return at(`http://datos.gob.es/recurso/sector-publico/org/Organismo/${town.dir3}`);
  return {
    '@id': `${baseUrl}/#publisher`,
    '@type': 'foaf:Organization',
    'foaf:name': literals({ es: town.mailFrom ?? town.name }),
  };
}

const contactOf = (described: Described): object => {
  const { body, town } = described;
  const contact = body.settings.contact ?? town.contact;
  const names = literals(inEach((t) => nameIn(body, t.language)));
  return {
    '@type': 'vcard:Organization',
    'vcard:fn': names,
    'vcard:organization-name': names,
    ...(contact?.email && { 'vcard:hasEmail': at(`mailto:${contact.email}`) }),
    'vcard:hasURL': at(contact?.url ?? pageOf(described)),
  };
};

const inSpain = ({ settings }: Body): boolean => settings.country === 'ES';
const spatialOf = (body: Body) => (inSpain(body) ? { 'dct:spatial': at(`${EU}/country/ESP`) } : {});
const legislationOf = (body: Body) =>
  inSpain(body) ? { 'dcatap:applicableLegislation': at(LEY_37_2007) } : {};
