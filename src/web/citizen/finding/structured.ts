import type { Body, Procedure, Town } from '../../../features/bodies/types.ts';
import { type Language, textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { channelsOf, languagesOf } from '../times/ask.tsx';
import { urls } from '../urls.ts';

/** What a page says to machines that read it (schema.org, as JSON-LD). What is undefined is left out. */
export type StructuredData = Record<string, unknown>;

interface Where {
  baseUrl: string;
  language: Language;
  town: Town;
}

const CONTEXT = { '@context': 'https://schema.org' };

/** The town, on its page. */
export const townData = ({ baseUrl, language, town }: Where): StructuredData => ({
  ...CONTEXT,
  '@type': 'GovernmentOrganization',
  name: town.mailFrom ?? town.name,
  url: town.contact?.url ?? baseUrl + urls(language).town,
  telephone: town.contact?.phone,
  email: town.contact?.email,
});

/** A body, with the places where it attends in person. */
export function bodyData(where: Where, body: Body): StructuredData {
  const { contact, intro, walkIn } = body.settings;
  return {
    ...CONTEXT,
    ...provider(where, body),
    description: textIn(intro, where.language) || undefined,
    telephone: contact?.phone,
    email: contact?.email,
    address: walkIn[0]?.address,
    location: walkIn.length > 1 ? placesOf(where, body) : undefined,
    parentOrganization: { '@type': 'GovernmentOrganization', name: where.town.name },
  };
}

/** A procedure: who does it, for whom, by which channels and in which languages. */
export function procedureData(
  where: Where & { t: Translate },
  body: Body,
  procedure: Procedure,
): StructuredData {
  const { baseUrl, language, town, t } = where;
  const url = baseUrl + urls(language).procedure(body.code, procedure.code);
  const places = placesOf(where, body);
  return {
    ...CONTEXT,
    '@type': 'GovernmentService',
    name: textIn(procedure.name, language),
    description: textIn(procedure.summary, language) || undefined,
    url,
    provider: provider(where, body),
    areaServed: { '@type': 'City', name: town.name },
    availableChannel: [
      ...channelsOf(procedure).map((each) => ({
        '@type': 'ServiceChannel',
        name: t(`common.channel.${each}`),
        serviceUrl: url,
        availableLanguage: languagesOf(body, procedure),
      })),
      ...(places.length > 0
        ? [{ '@type': 'ServiceChannel', name: t('citizen.walkIn.title'), serviceLocation: places }]
        : []),
    ],
  };
}

const provider = ({ baseUrl, language }: Where, body: Body) => ({
  '@type': 'GovernmentOffice',
  name: textIn(body.name, language),
  url: baseUrl + urls(language).body(body.code),
});

const placesOf = ({ language }: Where, body: Body) =>
  body.settings.walkIn.map((each) => ({
    '@type': 'Place',
    name: textIn(each.name, language) || undefined,
    address: each.address,
    telephone: each.phone,
    url: each.url,
  }));
