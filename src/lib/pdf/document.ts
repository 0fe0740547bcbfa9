import { createRequire } from 'node:module';
import type PDFDocument from 'pdfkit';
import type { Language } from '../i18n/languages.ts';
import { addSealField, sealed } from '../seal/pdf.ts';
import type { Seal } from '../seal/types.ts';

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
const SIZES = { H1: 20, H2: 14, H3: 12, P: 11.5, LI: 11.5 } as const;
const SMALL_SIZE = 8.5;
const SMALL_LINE = 12;
/** Points between the last line and the foot. */
const FOOT = 18;
/** Points between the edge and the middle of the line in the margin. */
const EDGE = 26;

type Doc = InstanceType<typeof PDFDocument>;

/** A part of a document for screen readers: a heading, a paragraph, or a line of a list. */
export interface PdfPart {
  as: keyof typeof SIZES;
  text: string;
  /** What the text is of, before it in bold. */
  label?: string;
}

export interface PdfContent {
  language: Language;
  title: string;
  subject: string;
  /** Who issues it. */
  author: string;
  /** When it was made, as the file has it. */
  at: Temporal.Instant;
  parts: readonly PdfPart[];
  /** The lines in the margin of each page: the town, the verification code, and where it is checked. */
  margin: readonly string[];
  /** Returns the foot of a page. */
  foot(page: number, count: number): string;
}

/** The seal that a document gets, and when; null: none. */
export type Sealing = { seal: Seal; at: Temporal.Instant; name: string; by: string } | null;

/**
 * Returns a document of the town: PDF/UA (ISO 14289-1), with its language, title, headings, bookmarks, and real text. The margin of each page has
 * its code and the address where it is checked, in case the pages are separated. Without a seal the same input makes the same bytes.
 */
export async function drawDocument(content: PdfContent, sealing: Sealing): Promise<Buffer> {
  const { title, subject, author, language } = content;
  const at = new Date(content.at.epochMilliseconds);
  // pdfkit is loaded on demand, since loading it takes a tenth of a second.
  const { default: PdfKit } = await import('pdfkit');
  const doc = new PdfKit({
    ...{ size: 'A4', margin: MARGIN, bufferPages: true, font: PLAIN, lang: language },
    ...{ pdfVersion: '1.7', subset: PDF_UA, tagged: true, displayTitle: true },
    info: {
      ...{ Title: title, Author: author, Subject: subject },
      ...{ Creator: 'Finestreta', Producer: 'Finestreta', CreationDate: at, ModDate: at },
    },
  });
  const bytes = Array.fromAsync<Buffer>(doc);
  write(doc, content.parts);
  writeMargins(doc, content);
  doc.switchToPage(doc.bufferedPageRange().start);
  if (sealing) addSealField(doc, sealing.seal, sealing, sealing.at);
  doc.end();
  const file = Buffer.concat(await bytes);
  return sealing ? sealed(file, sealing.seal) : file;
}

function write(doc: Doc, parts: readonly PdfPart[]): void {
  const whole = doc.struct('Document');
  doc.addStructure(whole);
  let list: ReturnType<Doc['struct']> | null = null;
  for (const { as, text, label } of parts) {
    const isHeading = as !== 'P' && as !== 'LI';
    doc.font(isHeading ? BOLD : PLAIN).fontSize(SIZES[as]);
    const shown = drawable(doc, text);
    if (isHeading) doc.outline.addItem(shown);
    if (as === 'H2' || as === 'H3') doc.moveDown(0.6);
    if (as !== 'LI') {
      list = null;
      if (label) whole.add(labelled(doc, label, shown));
      else doc.text(shown, { structParent: whole, structType: as, paragraphGap: 6 });
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

/** A paragraph that begins with what it is of. */
const labelled = (doc: Doc, label: string, text: string) =>
  doc.struct('P', {}, [
    () => {
      // A question ends by itself.
      const after = label.endsWith('?') ? ' ' : ': ';
      doc.font(BOLD).text(drawable(doc, label) + after, { continued: true });
      doc.font(PLAIN).text(text, { paragraphGap: 6 });
    },
  ]);

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

/** Writes the margin and the foot of each page. Screen readers skip them, since the text has the same. */
function writeMargins(doc: Doc, { margin, foot }: PdfContent): void {
  const { start, count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(start + page);
    // They are in the margins. Without this, pdfkit would begin another page.
    doc.page.margins.bottom = 0;
    doc.markContent('Artifact', { type: 'Pagination' });
    doc.font(PLAIN).fontSize(SMALL_SIZE);
    const { height } = doc.page;
    doc.text(foot(page + 1, count), MARGIN, height - FOOT - SMALL_LINE, { lineBreak: false });
    writeEdge(doc, margin);
    doc.endMarkedContent();
    doc.page.margins.bottom = MARGIN;
  }
}

/** Writes lines along the left edge, from below upwards, each as small as it must be. */
function writeEdge(doc: Doc, lines: readonly string[]): void {
  const { height } = doc.page;
  const most = height - 2 * MARGIN;
  doc.save().rotate(-90, { origin: [0, height] });
  for (const [nth, line] of lines.entries()) {
    const shown = drawable(doc.fontSize(SMALL_SIZE), line);
    const size = SMALL_SIZE * Math.min(1, most / doc.widthOfString(shown));
    const across = EDGE + (nth - (lines.length - 1) / 2) * SMALL_LINE - size / 2;
    doc.fontSize(size).text(shown, MARGIN, height + across, { lineBreak: false });
  }
  doc.restore();
}
