import { createRequire } from 'node:module';
import type PDFDocument from 'pdfkit';
import { type Dates, datesIn } from '../../../lib/i18n/dates.ts';
import { type Translate, translateTo } from '../../../lib/i18n/translate.ts';
import type { CitizenProof } from '../../../lib/viewer.ts';
import { grouped } from '../verification/rules.ts';
import { formatIdentity } from './identity/words.ts';
import type { Kept } from './keeping.ts';
import type { ActRecord } from './types.ts';

/** Noto Sans has Latin, Greek and Cyrillic letters. The file embeds only the letters that it uses. */
const PLAIN = fontFile('400Regular/NotoSans_400Regular');
const BOLD = fontFile('700Bold/NotoSans_700Bold');

function fontFile(name: string): string {
  return createRequire(import.meta.url).resolve(`@expo-google-fonts/noto-sans/${name}.ttf`);
}

/** pdfkit supports this subset; its types don't have it yet. */
const PDF_UA = 'PDF/UA' as string as 'PDF/A-1';

/** Points on each side of a page. */
const MARGIN = 62;
const SIZES = { H1: 20, H2: 14, P: 11.5, LI: 11.5 } as const;
const FOOT_SIZE = 8.5;
const FOOT_LINE = 12;
/** Points between the last line and the foot. */
const FOOT = 18;

type Doc = InstanceType<typeof PDFDocument>;

/** A part of the page for screen readers: a heading, a paragraph, or a line of a list. */
interface Part {
  as: keyof typeof SIZES;
  text: string;
}

/**
 * Returns the citizen's copy of a consent: PDF/UA (ISO 14289-1), with its language, title, headings, bookmarks, and real text. Each page
 * also shows the code and the address where it is checked, in case the pages are separated. The same input makes the same bytes.
 */
export async function drawAct(
  { record, hash }: Pick<Kept, 'record' | 'hash'>,
  timeZone: string,
  verification: Verification,
): Promise<Buffer> {
  const t = translateTo(record.language);
  const at = new Date(record.consent?.at ?? record.preparedAt);
  // pdfkit is loaded on demand, since loading it takes a tenth of a second.
  const { default: PdfKit } = await import('pdfkit');
  const doc = new PdfKit({
    ...{ size: 'A4', margin: MARGIN, bufferPages: true, font: PLAIN, lang: record.language },
    ...{ pdfVersion: '1.7', subset: PDF_UA, tagged: true, displayTitle: true },
    info: {
      ...{ Title: record.title, Author: record.office.name, Subject: t('acts.pdf.subject') },
      ...{ Creator: 'Finestreta', Producer: 'Finestreta', CreationDate: at, ModDate: at },
    },
  });
  const bytes = Array.fromAsync<Buffer>(doc);
  const dates = datesIn(record.language, timeZone);
  write(doc, [...partsOf(record, hash, t, dates), ...formatVerification(verification, t)]);
  writeFeet(doc, t, verification);
  doc.end();
  return Buffer.concat(await bytes);
}

function write(doc: Doc, parts: readonly Part[]): void {
  const whole = doc.struct('Document');
  doc.addStructure(whole);
  let list: ReturnType<Doc['struct']> | null = null;
  for (const { as, text } of parts) {
    const isHeading = as === 'H1' || as === 'H2';
    doc.font(isHeading ? BOLD : PLAIN).fontSize(SIZES[as]);
    const shown = drawable(doc, text);
    if (isHeading) doc.outline.addItem(shown);
    if (as === 'H2') doc.moveDown(0.6);
    if (as !== 'LI') {
      list = null;
      doc.text(shown, { structParent: whole, structType: as, paragraphGap: 6 });
      continue;
    }
    if (!list) {
      list = doc.struct('L');
      whole.add(list);
    }
    const item = doc.struct('LI');
    list.add(item);
    doc.text(shown, { structParent: item, structType: 'LBody', paragraphGap: 6, indent: 12 });
  }
  whole.end();
}

/** Returns a text that the typeface can draw. Other letters are replaced by their Unicode numbers; the record keeps them unchanged. */
function drawable(doc: Doc, text: string): string {
  // pdfkit has no public access to the typeface.
  const { font } = (doc as unknown as { _font: { font: Typeface } })._font;
  const letters = [...text.normalize('NFC')].map((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return /\s/.test(letter) || font.hasGlyphForCodePoint(code)
      ? letter
      : `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
  return letters.join('');
}

interface Typeface {
  hasGlyphForCodePoint(code: number): boolean;
}

/** Writes the foot of each page. Screen readers skip it, since the text has the same. */
function writeFeet(doc: Doc, t: Translate, { code, address }: Verification): void {
  const foot = [t('acts.pdf.verify.code', { code: grouped(code) }), address];
  const { start, count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(start + page);
    // The feet are in the margin. Without this, pdfkit would begin another page.
    doc.page.margins.bottom = 0;
    doc.markContent('Artifact', { type: 'Pagination' });
    doc.font(PLAIN).fontSize(FOOT_SIZE);
    const lines = [...foot, t('acts.pdf.page', { page: page + 1, count })];
    for (const [nth, line] of lines.entries()) {
      const above = (lines.length - nth) * FOOT_LINE;
      doc.text(drawable(doc, line), MARGIN, doc.page.height - FOOT - above, { lineBreak: false });
    }
    doc.endMarkedContent();
    doc.page.margins.bottom = MARGIN;
  }
}

function partsOf(record: ActRecord, hash: string, t: Translate, dates: Dates): Part[] {
  const { citizen, official, documents, office, appointment } = record;
  const line = (text: string): Part => ({ as: 'P', text });
  const heading = (text: string): Part => ({ as: 'H2', text });
  return [
    { as: 'H1', text: record.title },
    line(t('acts.pdf.of', { office: office.name, reference: appointment.reference })),
    heading(t('acts.pdf.text')),
    ...paragraphsOf(record.text).map(line),
    ...(documents.length > 0 ? [heading(t('acts.documents'))] : []),
    ...documents.map(
      (each): Part => ({ as: 'LI', text: t('acts.pdf.document', { ...each, hash: each.sha256 }) }),
    ),
    heading(t('acts.pdf.who')),
    line(t('acts.pdf.citizen', { name: citizen.name })),
    ...(citizen.onBehalfOf ? [line(t('acts.pdf.behalf', { name: citizen.onBehalfOf }))] : []),
    line(t('acts.pdf.allowed')),
    line(t('acts.pdf.official', { name: official.name, post: official.post })),
    line(t('acts.pdf.order', { order: official.order, since: formatDay(official.since, dates) })),
    heading(t('acts.pdf.how')),
    ...formatCheck(record, t).map(line),
    ...formatConsent(record, t, dates).map(line),
    heading(t('acts.pdf.kept')),
    line(t('acts.pdf.law')),
    line(t('acts.pdf.hash', { hash })),
  ];
}

/** A code with which anybody can fetch this file, and the address for it. */
interface Verification {
  code: string;
  address: string;
}

const formatVerification = ({ code, address }: Verification, t: Translate): Part[] => [
  { as: 'H2', text: t('acts.pdf.verify') },
  { as: 'P', text: t('acts.pdf.verify.code', { code: grouped(code) }) },
  { as: 'P', text: t('acts.pdf.verify.where', { address }) },
  { as: 'P', text: t('acts.pdf.verify.how') },
];

/** Returns the paragraphs of a text, which blank lines separate. */
const paragraphsOf = (text: string): string[] =>
  text.split(/\n\s*\n/).map((each) => each.replaceAll(/\s+/g, ' ').trim());

/** Formats a day of the calendar, in any time zone. */
const formatDay = (day: string, dates: Dates): string =>
  dates.shortDay(Temporal.Instant.from(`${day}T12:00:00Z`));

const formatCheck = ({ identity }: ActRecord, t: Translate): string[] => [
  t('acts.pdf.identity', { how: t(`acts.identity.${identity.check}`) }),
  ...(identity.note ? [identity.note] : []),
];

function formatConsent({ consent }: ActRecord, t: Translate, dates: Dates): string[] {
  if (!consent) return [];
  const at = Temporal.Instant.from(consent.at);
  const when = { day: dates.longDay(at), time: dates.time(at) };
  return [
    t('acts.pdf.when', when),
    t(`acts.method.${consent.method}`),
    ...(consent.identity ? formatIdentity(consent.identity, t, dates) : []),
    ...(consent.code ? formatAddress(consent.code, t) : []),
    ...(consent.browser ? [t('acts.pdf.browser'), ...formatAddress(consent.browser, t)] : []),
    ...(consent.witness ? [t('acts.pdf.witness', { name: consent.witness.name })] : []),
  ];
}

/** Formats where a code was sent and, if it was not the citizen, who set that address. */
const formatAddress = (
  { channel, to, setBy }: { channel: CitizenProof['channel']; to: string; setBy: string },
  t: Translate,
): string[] => [
  t(`acts.pdf.code.${channel}`, { to }),
  ...(setBy === 'citizen' || setBy.startsWith('person:')
    ? []
    : [t(setBy.startsWith('token:') ? 'acts.pdf.set.token' : 'acts.pdf.set.staff')]),
];
