import { feeBefore } from '../../../domain/form/fee.ts';
import type { Office, Procedure, Town } from '../../../domain/office/types.ts';
import type { PublishedForm } from '../../../features/foundation/forms/types.ts';
import { type Language, textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { channelsOf, languagesOf } from '../times/ask.tsx';
import { urls } from '../urls.ts';

/** The description of a page for machines (schema.org, as JSON-LD). Undefined parts are omitted. */
export type StructuredData = Record<string, unknown>;

interface Where {
  baseUrl: string;
  language: Language;
  town: Town;
}

const CONTEXT = { '@context': 'https://schema.org' };

/** Describes the town, on its page. */
export const townData = ({ baseUrl, language, town }: Where): StructuredData => ({
  ...CONTEXT,
  '@type': 'GovernmentOrganization',
  name: town.mailFrom ?? town.name,
  url: town.contact?.url ?? baseUrl + urls(language).town,
  telephone: town.contact?.phone,
  email: town.contact?.email,
});

/** Describes an office, with the places where it serves in person. */
export function officeData(where: Where, office: Office): StructuredData {
  const { contact, intro, walkIn } = office.settings;
  return {
    ...CONTEXT,
    ...provider(where, office),
    description: textIn(intro, where.language) || undefined,
    telephone: contact?.phone,
    email: contact?.email,
    address: walkIn[0]?.address,
    location: walkIn.length > 1 ? placesOf(where, office) : undefined,
    parentOrganization: { '@type': 'GovernmentOrganization', name: where.town.name },
  };
}

/** Describes a procedure: its office, its audience, its channels and languages. `form`: with which it is done on-line. */
export function procedureData(
  where: Where & { t: Translate },
  of: { office: Office; procedure: Procedure; form: PublishedForm | null },
): StructuredData {
  const { office, procedure, form } = of;
  const { baseUrl, language, town, t } = where;
  const url = baseUrl + urls(language).procedure(office.code, procedure.code);
  const places = placesOf(where, office);
  return {
    ...CONTEXT,
    '@type': 'GovernmentService',
    name: textIn(procedure.name, language),
    description: textIn(procedure.summary, language) || undefined,
    url,
    provider: provider(where, office),
    areaServed: { '@type': 'City', name: town.name },
    ...(form && costIn(form)),
    availableChannel: [
      ...(form
        ? [
            {
              '@type': 'ServiceChannel',
              name: t('case.channel.online'),
              serviceUrl: baseUrl + urls(language).apply(office.code, procedure.code),
              availableLanguage: languagesIn(form, town),
            },
          ]
        : []),
      ...channelsOf(procedure).map((each) => ({
        '@type': 'ServiceChannel',
        name: t(`common.channel.${each}`),
        serviceUrl: url,
        availableLanguage: languagesOf(office, procedure),
      })),
      ...(places.length > 0
        ? [{ '@type': 'ServiceChannel', name: t('citizen.walkIn.title'), serviceLocation: places }]
        : []),
    ],
  };
}

/** What it costs on-line; nothing where that depends on the answers. */
function costIn({ form }: PublishedForm): StructuredData {
  const fee = feeBefore(form);
  if (fee.kind === 'varies') return {};
  if (fee.kind === 'none') return { isAccessibleForFree: true };
  return {
    offers: { '@type': 'Offer', price: (fee.cents / 100).toFixed(2), priceCurrency: 'EUR' },
  };
}

/** The languages of the town in which a form is written. */
export const languagesIn = (
  { form }: PublishedForm,
  { languages }: Pick<Town, 'languages'>,
): Language[] => (form.title ? languages.filter((each) => form.title?.[each]) : [...languages]);

const provider = ({ baseUrl, language }: Where, office: Office) => ({
  '@type': 'GovernmentOffice',
  name: textIn(office.name, language),
  url: baseUrl + urls(language).office(office.code),
});

const placesOf = ({ language }: Where, office: Office) =>
  office.settings.walkIn.map((each) => ({
    '@type': 'Place',
    name: textIn(each.name, language) || undefined,
    address: each.address,
    telephone: each.phone,
    url: each.url,
  }));
