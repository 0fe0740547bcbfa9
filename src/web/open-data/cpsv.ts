import { feeBefore } from '../../domain/form/fee.ts';
import type { Office, Procedure, Town } from '../../domain/office/types.ts';
import type { PublishedForm } from '../../features/foundation/forms/types.ts';
import { type EncounterLanguage, isSigned, type Texts, textIn } from '../../lib/i18n/languages.ts';
import { type MessageKey, translateTo } from '../../lib/i18n/translate.ts';
import { channelsOf, languagesOf } from '../citizen/times/ask.tsx';
import { urls } from '../citizen/urls.ts';
import { EU_LANGUAGES, openRoot } from './dcat.ts';

const CONTEXT = {
  cpsv: 'http://purl.org/vocab/cpsv#',
  cv: 'http://data.europa.eu/m8g/',
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

const literals = (texts: Texts) =>
  Object.entries(texts).map(([language, text]) => ({ '@language': language, '@value': text }));
/** The Union has no codes for sign languages. */
const languageId = (language: EncounterLanguage) =>
  isSigned(language) ? `http://lexvo.org/id/iso639-3/${language}` : EU_LANGUAGES[language];

/** Whose catalogue it is. */
interface Where {
  baseUrl: string;
  town: Town;
  office: Office;
  /** The forms that can be finished on-line, by the code of their procedure. */
  online: ReadonlyMap<string, PublishedForm>;
}

/** Returns an office's procedures in the format of European service catalogues: CPSV-AP 3.2.0, in JSON-LD. */
export function cpsvOf(where: Where): object {
  const { town, office } = where;
  const authority = `${openRoot(where.baseUrl, office)}/office`;
  return {
    '@context': CONTEXT,
    '@graph': [
      {
        '@id': authority,
        '@type': ['cv:PublicOrganisation', 'foaf:Agent'],
        'dct:identifier': authority,
        'dct:title': literals(office.name),
        'skos:prefLabel': literals(office.name),
        'dct:spatial': {
          '@id': `${where.baseUrl}/#place`,
          '@type': 'dct:Location',
          'skos:prefLabel': town.name,
        },
      },
      ...office.procedures.map((each) => serviceOf(where, authority, each)),
    ],
  };
}

function serviceOf(where: Where, authority: string, procedure: Procedure): object {
  const { baseUrl, town, office } = where;
  const { code, name, summary, documents, keywords, theme } = procedure;
  const id = `${openRoot(baseUrl, office)}/procedures/${code}`;
  const page = baseUrl + urls(town.languages[0] ?? 'ca').procedure(office.code, code);
  const found = office.settings.themes.find((each) => each.code === theme);
  return {
    '@id': id,
    '@type': 'cpsv:PublicService',
    'dct:identifier': id,
    'dct:title': literals(name),
    // A description is obligatory: without one it is the name.
    'dct:description': literals(summary ?? name),
    'foaf:page': { '@id': page },
    'cv:hasCompetentAuthority': { '@id': authority },
    'dct:language': languagesOf(office, procedure).map((each) => ({
      '@id': languageId(each),
      '@type': 'dct:LinguisticSystem',
    })),
    'dcat:keyword': Object.entries(keywords).flatMap(([language, words]) =>
      (words ?? []).map((word) => ({ '@language': language, '@value': word })),
    ),
    ...(found && {
      'cv:thematicArea': {
        '@id': `${openRoot(baseUrl, office)}/themes/${found.code}`,
        '@type': 'skos:Concept',
        'skos:prefLabel': literals(found.name),
      },
    }),
    'cv:hasChannel': [
      ...onlineOf(where, id, procedure),
      ...channelsOf(procedure).map((channel) => ({
        ...channelAt(`${id}#${channel}`, town, `common.channel.${channel}`),
        'cv:processingTime': {
          '@type': 'xsd:duration',
          '@value': `PT${procedure.channels[channel]}M`,
        },
      })),
    ],
    ...costOf(where, id, procedure),
    'cv:hasInputType': documents.map((each) => ({
      '@id': `${id}#${each.code}`,
      '@type': 'cv:EvidenceType',
      'dct:identifier': `${id}#${each.code}`,
      'dct:title': literals(each.name),
    })),
    'cv:contactPoint': contactOf(office, town),
  };
}

/** A channel, with what it is called in the languages of the town. */
const channelAt = (id: string, { languages }: Town, name: MessageKey): object => ({
  '@id': id,
  '@type': 'cv:Channel',
  'dct:identifier': id,
  'dct:description': literals(
    Object.fromEntries(languages.map((each) => [each, translateTo(each)(name)])),
  ),
});

/** Returns the channel on-line, with its address, where the form can be finished there. */
function onlineOf({ baseUrl, town, office, online }: Where, id: string, { code }: Procedure) {
  const form = online.get(code)?.form;
  if (!form) return [];
  const page = baseUrl + urls(town.languages[0] ?? 'ca').apply(office.code, code);
  const time = form.minutes && { '@type': 'xsd:duration', '@value': `PT${form.minutes}M` };
  return [
    {
      ...channelAt(`${id}#online`, town, 'case.channel.online'),
      'foaf:page': { '@id': page },
      ...(time && { 'cv:processingTime': time }),
    },
  ];
}

const EURO = 'http://publications.europa.eu/resource/authority/currency/EUR';

/** Returns what a service costs on-line; nothing where it has no form. Of a fee by a rule there is no amount, only that there is one. */
function costOf({ town, online }: Where, id: string, { code }: Procedure): object {
  const form = online.get(code)?.form;
  if (!form) return {};
  const fee = feeBefore(form);
  const said = fee.kind === 'varies' ? 'case.online.cost.varies' : 'case.channel.online';
  return {
    'cv:hasCost': {
      '@id': `${id}#cost`,
      '@type': 'cv:Cost',
      'dct:identifier': `${id}#cost`,
      'dct:description': literals(
        Object.fromEntries(town.languages.map((each) => [each, translateTo(each)(said)])),
      ),
      'cv:ifAccessedThrough': { '@id': `${id}#online` },
      ...(fee.kind !== 'varies' && {
        'cv:value': {
          '@type': 'xsd:decimal',
          '@value': (fee.kind === 'fixed' ? fee.cents / 100 : 0).toFixed(2),
        },
        'cv:currency': { '@id': EURO },
      }),
    },
  };
}

const contactOf = (office: Office, town: Town): object => {
  const contact = office.settings.contact ?? town.contact;
  return {
    '@type': 'cv:ContactPoint',
    'skos:prefLabel': textIn(office.name, 'ca'),
    ...(contact?.email && { 'cv:email': contact.email }),
    ...(contact?.phone && { 'cv:telephone': contact.phone }),
  };
};
