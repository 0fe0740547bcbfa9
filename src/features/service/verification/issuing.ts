import type { Clock } from '../../../lib/clock.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { drawDocument, type PdfPart } from '../../../lib/pdf/document.ts';
import type { Seal } from '../../../lib/seal/types.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import { grouped } from './rules.ts';

/** A document that the town issues. */
export interface ToIssue {
  language: Language;
  title: string;
  /** The kind of document, in a few words. */
  subject: string;
  /** The name of the office. */
  office: string;
  /** When what it is about happened. */
  at: Temporal.Instant;
  parts: readonly PdfPart[];
  /** Its verification code; see `newCode`. */
  code: string;
  /** What its holder can do with the code, in a sentence. */
  how: string;
}

/**
 * Issues documents: PDF/UA with the verification code, and with the town's electronic seal where it has one (docs/adr/0093). With a seal each
 * issue has other bytes, so a document is issued once and kept.
 */
export interface Issuing {
  /** @throws when the seal can't be used: a town with a seal issues nothing without it */
  issue(document: ToIssue): Promise<Buffer>;
}

/** The town's seal over what is no document. */
export interface Sealing {
  /** Returns the seal over a SHA-256: CMS, detached, in DER. Null: the town has none. */
  sealDigest: ((digest: Buffer) => Promise<Buffer>) | null;
}

export interface IssuingDeps {
  offices: Pick<Offices, 'town'>;
  clock: Clock;
  /** Null: the town has none. */
  seal: Seal | null;
  baseUrl: string;
}

export const createIssuing = ({
  offices,
  clock,
  seal,
  baseUrl,
}: IssuingDeps): Issuing & Sealing => ({
  sealDigest: seal && ((digest) => seal.seal(digest)),

  async issue({ parts, office, code, how, ...document }) {
    const t = translateTo(document.language);
    const town = await offices.town();
    const name = town.mailFrom ?? town.name;
    const address = `${baseUrl}/${document.language}/verify`;
    const told = t('issued.code', { code: grouped(code) });
    const verification: PdfPart[] = [
      { as: 'H2', text: t('issued.title') },
      ...[told, t('issued.where', { address }), how].map((text): PdfPart => ({ as: 'P', text })),
      ...(seal ? [{ as: 'P', text: t('issued.sealed', { town: name }) } as const] : []),
    ];
    const content = {
      ...document,
      author: office,
      parts: [...parts, ...verification],
      margin: [name, `${told} · ${address}`],
      foot: (page: number, count: number) => t('issued.page', { page, count }),
    };
    const words = { name: t('issued.seal', { town: name }), by: name };
    return drawDocument(content, seal && { seal, at: clock.now(), ...words });
  },
});
