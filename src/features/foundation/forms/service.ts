import type { Form } from '../../../domain/form/schema.ts';
import { versionOf } from '../../../domain/form/version.ts';
import type { Office, Procedure } from '../../../domain/office/types.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { recentReads } from '../../../lib/db/frequent/recent-reads.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../audit/service.ts';
import { publishIn } from './publishing.ts';
import type { PublishedForm, PublishResult } from './types.ts';
import { readOfferedCodes, readOfferedId, readVersion } from './views.ts';

export { saveForms } from './publishing.ts';

/** The forms of procedures, as versions that never change (docs/adr/0091). */
export interface Forms {
  /** Publishes a form as the next version of its procedure, unless the offered one has the same content. */
  publish(viewer: Viewer, office: Office, form: Form): Promise<PublishResult>;
  /** Returns the version that a new case begins with; null: the procedure has no form, or no longer. */
  current(office: Office, procedure: string): Promise<PublishedForm | null>;
  /** Returns a version of an office. @throws when there is none: ids come from our own rows. */
  version(office: number, id: number): Promise<PublishedForm>;
  /** Returns the procedures of an office that have a form, in the order of its catalogue. */
  offered(office: Office): Promise<Procedure[]>;
}

export function createForms({ db, unit }: { db: Db; unit: RunUnit }): Forms {
  /** Versions never change, so each is read once. */
  const kept = new Map<string, PublishedForm>();
  const offeredNow = recentReads<number | null>();

  const version = async (office: number, id: number): Promise<PublishedForm> => {
    const key = `${office} ${id}`;
    const known = kept.get(key);
    if (known) return known;
    const read = await within(db, office, (tx) => readVersion(tx, id));
    if (!read) throw new Error(`No version ${id} of a form`);
    kept.set(key, read);
    return read;
  };

  return {
    publish: (viewer, office, form) =>
      unit(viewer, office.id, async ({ tx, now, record }) => {
        const procedure = office.procedure(form.procedure);
        if (!procedure || procedure.retired) return { ok: false, reason: 'no_procedure' };
        const on = { office: office.id, procedure: procedure.id, version: versionOf(form) };
        return { ok: true, ...(await publishIn({ tx, now, record }, on)) };
      }),

    async current(office, code) {
      const procedure = office.procedure(code);
      if (!procedure || procedure.retired) return null;
      const id = await offeredNow.get(`${office.id} ${procedure.id}`, () =>
        within(db, office.id, (tx) => readOfferedId(tx, procedure.id)),
      );
      return id === null ? null : version(office.id, id);
    },

    offered: async (office) => {
      const codes = new Set(await within(db, office.id, readOfferedCodes));
      return office.procedures.filter(({ code, retired }) => !retired && codes.has(code));
    },

    version,
  };
}
