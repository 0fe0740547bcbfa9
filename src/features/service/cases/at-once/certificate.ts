import type { Office } from '../../../../domain/office/types.ts';
import type { Residence } from '../../../../domain/residence/certify.ts';
import { nameOf, type Resident } from '../../../../domain/residence/resident.ts';
import { datesIn } from '../../../../lib/i18n/dates.ts';
import { type Language, textIn } from '../../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../../lib/i18n/translate.ts';
import type { PdfPart } from '../../../../lib/pdf/document.ts';
import type { ToIssue } from '../../verification/service.ts';
import type { CaseEntry, CaseRow } from '../types.ts';

/** What a residence certificate is made of. */
export interface CertificateOf {
  row: Pick<CaseRow, 'reference'>;
  residence: Residence;
  entry: CaseEntry | null;
  office: Pick<Office, 'name' | 'timeZone'>;
  language: Language;
  code: string;
  at: Temporal.Instant;
}

/**
 * Returns a residence certificate for information (volant de padró: Resolution of 17 February 2020, BOE-A-2020-4784). It has no
 * more than was asked for: of the others in the dwelling, their names and dates of birth.
 */
export function certificateOf(of: CertificateOf): ToIssue {
  const { row, residence, entry, office, language, code, at } = of;
  const t = translateTo(language);
  const dates = datesIn(language, office.timeZone);
  const noonOf = (day: Temporal.PlainDate) =>
    day.toZonedDateTime({ timeZone: office.timeZone, plainTime: '12:00' }).toInstant();
  const dayOf: Day = (day) => dates.shortDay(noonOf(day));
  const { people, extent, address, place, asOf } = residence;
  const [person, ...others] = people;
  if (!person) throw new Error('A residence certificate is about somebody');
  const title = t(`residence.title.${extent}`);
  const name = textIn(office.name, language);
  const line = (text: string): PdfPart => ({ as: 'P', text });
  return {
    language,
    title,
    code,
    at,
    office: name,
    subject: t('residence.subject'),
    parts: [
      { as: 'H1', text: title },
      line(t('caseDesk.letter.case', { reference: row.reference, number: entry?.number ?? '' })),
      line(t('residence.says', { day: dates.longDay(noonOf(asOf)) })),
      ...personParts(person, t, dayOf),
      { as: 'P', label: t('residence.address'), text: `${address}, ${place}` },
      ...(person.since ? [labelled(t('residence.since'), dayOf(person.since))] : []),
      ...householdParts(residence, others, t, dayOf),
      line(t('residence.standing')),
      line(`${name}, ${dates.longDay(at)}`),
    ],
    how: t('residence.verify'),
  };
}

type Day = (day: Temporal.PlainDate) => string;

const labelled = (label: string, text: string): PdfPart => ({ as: 'P', label, text });

const personParts = (person: Resident, t: Translate, dayOf: Day): PdfPart[] => [
  labelled(t('residence.name'), nameOf(person)),
  ...(person.id ? [labelled(t('residence.document'), person.id.identifier)] : []),
  ...(person.born ? [labelled(t('residence.born'), dayOf(person.born))] : []),
];

function householdParts(
  { extent }: Residence,
  others: readonly Resident[],
  t: Translate,
  dayOf: Day,
): PdfPart[] {
  if (extent === 'person') return [];
  const heading: PdfPart = { as: 'H2', text: t('residence.household') };
  if (others.length === 0) return [heading, { as: 'P', text: t('residence.alone') }];
  const lines = others.map((each): PdfPart => {
    const name = nameOf(each);
    return {
      as: 'LI',
      text: each.born ? t('residence.other', { name, day: dayOf(each.born) }) : name,
    };
  });
  return [heading, ...lines];
}
