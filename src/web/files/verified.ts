import type { Context } from 'hono';
import type { Office } from '../../domain/office/types.ts';
import { endingOf } from '../../features/service/documents/rules.ts';
import type { Documents } from '../../features/service/documents/service.ts';
import type { OpenDocument } from '../../features/service/documents/types.ts';
import { eniDocument, exportsEni } from '../../features/service/verification/service.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import type { Viewer } from '../../lib/viewer.ts';
import { sendFile } from './served.ts';

/**
 * Returns the file name of a document that anybody with a code may have: its own name may contain a
 * person's name.
 */
function nameOf(t: Translate, { code, type }: Pick<OpenDocument, 'code' | 'type'>): string {
  const ending = type === 'application/xml' ? 'xml' : endingOf(type);
  const stem = `${t('verification.fileName')}-${code?.slice(0, 4) ?? ''}`;
  return ending ? `${stem}.${ending}` : stem;
}

/** Opens a document with a code that can be exported; null: there is none, and no access is recorded. */
export async function openVerified(
  documents: Pick<Documents, 'list' | 'open'>,
  viewer: Viewer,
  { office, of, id }: { office: Office; of: string; id: string },
): Promise<OpenDocument | null> {
  if (!exportsEni(office)) return null;
  const entries = await documents.list(viewer, office, of);
  const isVerified = entries?.some((each) => each.id === id && each.code !== null);
  return isVerified ? documents.open(viewer, office, of, id) : null;
}

/** Sends the original, byte by byte. */
export const sendOriginal = (c: Context, t: Translate, document: OpenDocument) =>
  sendFile(c, { ...document, name: nameOf(t, document) });

/** Sends a document for other public offices; null: it isn't possible, see `eniDocument`. */
export function sendEni(
  c: Context,
  t: Translate,
  { office, document }: { office: Office; document: OpenDocument },
): Promise<Response> | null {
  const file = eniDocument(office, document);
  return file && sendFile(c, { ...file, name: nameOf(t, { ...file, code: document.code }) });
}
