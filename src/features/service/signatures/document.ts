import { summaryOf } from '../../../domain/form/answers/summary.ts';
import type { Form } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import { drawDocument } from '../../../lib/pdf/document.ts';
import { contextOf } from '../cases/rules.ts';
import type { PreparedRecord } from '../cases/types.ts';
import {
  declaredIn,
  labelled,
  line,
  papersOf,
  procedureOf,
  stepParts,
  titled,
} from '../receipts/rules.ts';
import type { ReceiptRow } from '../receipts/types.ts';

/** What a document to be signed is about. */
export interface ToDraw {
  record: PreparedRecord;
  form: Form;
  office: Office;
  /** Who signs it, as their provider says. */
  signer: string;
  /** SHA-256 of the record, in hexadecimal. */
  hash: string;
  /**
   * What somebody else than its applicant signs: who handed it in, and the SHA-256 of what was; null: the applicant signs. `hash` is then that of the
   * record of their signature, which has this one.
   */
  cosigns: { applicant: string; hash: string } | null;
  now: Temporal.Instant;
}

/**
 * Draws what somebody signs by a program: all that is handed in, in words, for whom and with whose help, and the SHA-256 of the record that has it for machines. PDF/UA, without
 * the town's seal: the person's signature is the only one.
 */
export function drawToSign(on: ToDraw): Promise<Buffer> {
  const { record, form, office, signer, hash, cosigns, now } = on;
  const { language, answers, reference } = record;
  const t = translateTo(language);
  const title = procedureOf(record, form, office, t);
  const context = contextOf(office, now, language);
  const { steps, declarations } = summaryOf({ form, answers, context }, t);
  const name = textIn(office.name, language);
  return drawDocument(
    {
      ...{ language, title, subject: t('signature.document.subject'), author: name, at: now },
      parts: [
        { as: 'H1', text: title },
        line(t('signature.document.lead')),
        labelled({ label: t('case.receipt.office'), text: name }),
        labelled({ label: t('citizen.card.reference'), text: reference }),
        ...peopleIn(record, { signer, cosigns }, t).map(labelled),
        ...titled(
          t('case.done.answers'),
          steps.flatMap((each) => stepParts(each, t)),
        ),
        ...titled(t('case.declarations.title'), declaredIn(declarations, t)),
        ...titled(t('receipt.papers'), papersOf(form, record).map(labelled)),
        ...titled(t('signature.document.record'), [
          line(t(cosigns ? 'signature.document.cosigned.text' : 'signature.document.record.text')),
          labelled({ label: 'SHA-256', text: hash }),
        ]),
      ],
      margin: [name, `${reference} · SHA-256 ${hash}`],
      foot: (page, count) => t('issued.page', { page, count }),
    },
    null,
  );
}

/** Returns who handed in what somebody else signs, who signs, for whom the applicant acts, and the officials who helped to fill it in. */
function peopleIn(
  { represents, assisted }: Pick<PreparedRecord, 'represents' | 'assisted'>,
  { signer, cosigns }: Pick<ToDraw, 'signer' | 'cosigns'>,
  t: Translate,
): ReceiptRow[] {
  const helpers = (assisted?.officials ?? []).map(({ name }) => name).join(', ');
  const signs = { label: t('signature.document.signer'), text: signer };
  return [
    cosigns ? { label: t('signature.document.applicant'), text: cosigns.applicant } : signs,
    ...(represents
      ? [{ label: t('receipt.behalf'), text: `${represents.name}, ${represents.identifier}` }]
      : []),
    ...(helpers ? [{ label: t('signature.document.helped'), text: helpers }] : []),
    ...(cosigns
      ? [{ label: t('signature.document.handed_in'), text: `SHA-256 ${cosigns.hash}` }, signs]
      : []),
  ];
}
