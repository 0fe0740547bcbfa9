import type { Form } from '../../../domain/form/schema.ts';
import { versionOf } from '../../../domain/form/version.ts';
import type { Office } from '../../../domain/office/types.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import type { RunUnit } from '../audit/service.ts';
import { insertVersion, lockProcedure } from './store.ts';
import type { PublishedForm, PublishResult } from './types.ts';
import { readNewest, readVersion } from './views.ts';

/** The forms of procedures, as versions that never change (docs/adr/0091). */
export interface Forms {
  /** Publishes a form as the next version of its procedure, unless the newest one has the same content. */
  publish(viewer: Viewer, office: Office, form: Form): Promise<PublishResult>;
  /** Returns the version that a new case begins with; null: the procedure has no form. */
  current(office: Office, procedure: string): Promise<PublishedForm | null>;
  /** Returns a version of an office. @throws when there is none: ids come from our own rows. */
  version(office: number, id: number): Promise<PublishedForm>;
}

export function createForms({ db, unit }: { db: Db; unit: RunUnit }): Forms {
  /** Versions never change, so each is read once. */
  const kept = new Map<string, PublishedForm>();
  return {
    publish: (viewer, office, form) =>
      unit(viewer, office.id, async ({ tx, now, record }) => {
        const procedure = office.procedure(form.procedure);
        if (!procedure || procedure.retired) return { ok: false, reason: 'no_procedure' };
        await lockProcedure(tx, procedure.id);
        const version = versionOf(form);
        const newest = await readNewest(tx, procedure.id);
        if (newest?.sha256 === version.sha256)
          return { ok: true, isNew: false, number: newest.number };
        const number = (newest?.number ?? 0) + 1;
        await insertVersion(tx, office.id, { procedure: procedure.id, number, version }, now);
        const { sha256 } = version;
        await record('form_published', { data: { procedure: form.procedure, number, sha256 } });
        return { ok: true, isNew: true, number };
      }),

    async current(office, code) {
      const procedure = office.procedure(code);
      if (!procedure || procedure.retired) return null;
      return within(db, office.id, (tx) => readNewest(tx, procedure.id));
    },

    async version(office, id) {
      const key = `${office} ${id}`;
      const known = kept.get(key);
      if (known) return known;
      const read = await within(db, office, (tx) => readVersion(tx, id));
      if (!read) throw new Error(`No version ${id} of a form`);
      kept.set(key, read);
      return read;
    },
  };
}
