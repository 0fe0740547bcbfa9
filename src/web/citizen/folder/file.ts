import { Readable } from 'node:stream';
import { mayDo } from '../../../features/service/folder/rules.ts';
import { exportText } from '../../../features/service/folder/service.ts';
import type { OwnDocument } from '../../../features/service/folder/types.ts';
import { type ZipEntry, zipOf } from '../../../lib/zip/zip.ts';
import { proofHere } from '../by-staff.ts';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';

/**
 * `/{language}/folder/data/file`: everything in a folder as an archive: one JSON file (docs/folder-file.md), and the documents that this
 * browser may open. Each opened document is on the trail, as when its page opens it.
 */
export function folderFile(deps: CitizenDeps) {
  return async (visit: PersonVisit): Promise<Response> => {
    const { c, t, to, viewer, session, now } = visit;
    if (!mayDo('export', session, now)) return visit.redirect(to.folder('data'));
    await deps.folder.exported(viewer);
    const name = `${t('folder.export.file')}-${now.toString().slice(0, 10)}.zip`;
    c.header('Content-Type', 'application/zip');
    c.header('Content-Disposition', `attachment; filename="${name}"`);
    c.header('Cache-Control', 'no-store');
    const bytes = Readable.from(zipOf(entriesOf(deps, visit), now));
    return c.body(Readable.toWeb(bytes) as ReadableStream<Uint8Array>);
  };
}

/** The documents first, since the JSON file says which of them are there. */
async function* entriesOf(deps: CitizenDeps, visit: PersonVisit): AsyncIterable<ZipEntry> {
  const { session, viewer, language, town, now, t } = visit;
  const files = new Map<string, string>();
  for await (const document of deps.folder.all(viewer, 'documents')) {
    const entry = await documentEntry(deps, visit, document);
    if (!entry) continue;
    files.set(document.id, entry.name);
    yield entry;
  }
  const on = {
    folder: deps.folder,
    viewer,
    session,
    language,
    now,
    town: town.name,
    represented: await deps.identification.represented(session.person),
    authorisations: await deps.representations.own(viewer),
    officeOf: (id: number) => deps.offices.byId(id),
    fileOf: (id: string) => files.get(id) ?? null,
  };
  yield {
    name: `${t('folder.export.file')}.json`,
    read: async function* () {
      for await (const text of exportText(on)) yield Buffer.from(text);
    },
  };
}

/** Returns a document's file; null: it is not there any more, or this browser may not open it. */
async function documentEntry(
  deps: CitizenDeps,
  visit: PersonVisit,
  document: OwnDocument,
): Promise<ZipEntry | null> {
  if (document.isDestroyed || document.state !== 'clean') return null;
  const office = await deps.offices.byId(document.office);
  const appointment = await deps.appointments.byId(office, document.appointment.id);
  const proof = appointment && (await proofHere(deps, visit, appointment));
  if (!appointment || !proof) return null;
  const viewer = { kind: 'citizen', appointment: appointment.id, proof } as const;
  const opened = await deps.documents.open(viewer, office, appointment.id, document.id);
  if (!opened) return null;
  const safe = opened.name.replaceAll(/[^\p{L}\p{N}. _-]/gu, '_').replace(/^\.+/, '_');
  return {
    // The id keeps two files of one name apart.
    name: `documents/${document.id.slice(0, 8)}-${safe}`,
    read: () => opened.read(),
  };
}
