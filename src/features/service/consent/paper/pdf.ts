import { datesIn } from '../../../../lib/i18n/dates.ts';
import { translateTo } from '../../../../lib/i18n/translate.ts';
import { drawDocument, type PdfPart } from '../../../../lib/pdf/document.ts';
import type { Kept } from '../keeping.ts';
import { contentOf } from '../pdf.ts';
import { paperCode } from './rules.ts';

/**
 * Returns what a citizen signs on paper to consent to an act: exactly what is consented to, the code and the hash of its record, and room for the
 * signatures (RD 203/2021, art. 30). PDF/UA, without a seal: it is no document of the town yet.
 */
export function paperOf({ record, hash }: Kept, timeZone: string): Promise<Buffer> {
  const { language, title, office } = record;
  const t = translateTo(language);
  const dates = datesIn(language, timeZone);
  const at = Temporal.Instant.from(record.preparedAt);
  const line = (text: string): PdfPart => ({ as: 'P', text });
  const code = t('acts.paper.code', { code: paperCode(hash) });
  const signed = (who: string): PdfPart[] => [
    line(who),
    line(t('acts.paper.place', { line: '_'.repeat(34) })),
    line(t('acts.paper.sign', { line: '_'.repeat(34) })),
  ];
  const { official, citizen } = record;
  return drawDocument(
    {
      ...{ language, title, subject: t('acts.paper.subject'), author: office.name, at },
      parts: [
        ...contentOf(record, t, dates),
        { as: 'H2', text: t('acts.paper.title') },
        line(t('acts.pdf.law')),
        line(code),
        line(t('acts.pdf.hash', { hash })),
        ...signed(t('acts.pdf.citizen', { name: record.case?.person.name ?? citizen.name })),
        ...signed(t('acts.pdf.official', { name: official.name, post: official.post })),
      ],
      margin: [office.name, code],
      foot: (page, count) => t('issued.page', { page, count }),
    },
    null,
  );
}
