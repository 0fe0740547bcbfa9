import type { Office } from '../../../domain/office/types.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { actorOf, type Viewer } from '../../../lib/viewer.ts';
import { readDocumentDeeds } from '../../foundation/audit/views.ts';
import { outstandingIn } from './rules.ts';
import { findSpace } from './space.ts';
import type { Outstanding } from './types.ts';
import { readDocuments } from './views.ts';

/** What the documents of an appointment ask of its citizen. */
export interface Asking {
  /** Counts what is left to do. The link alone is enough, since it names nothing. Null: it isn't the viewer's. */
  outstanding(viewer: Viewer, office: Office, appointment: string): Promise<Outstanding | null>;
}

export const createAsking = ({ db }: { db: Db }): Asking => ({
  outstanding: (viewer, office, id) =>
    within(db, office.id, async (tx) => {
      const appointment = await findSpace(tx, viewer, id);
      if (!appointment) return null;
      const documents = await readDocuments(tx, id);
      const citizen = actorOf({ kind: 'citizen', appointment: id });
      const opened = (await readDocumentDeeds(tx, id, 'document_opened'))
        .filter(({ by }) => by === citizen)
        .map(({ document }) => document);
      return outstandingIn(documents, new Set(opened), appointment, office.settings.retention);
    }),
});
