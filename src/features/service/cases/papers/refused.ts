import type { Forms } from '../../../foundation/forms/service.ts';
import type { Keyring } from '../../documents/service.ts';
import type { CasePaperNews } from '../../documents/types.ts';
import { openAmendments } from '../amendment/opened.ts';
import { openSealed } from '../sealing.ts';
import { insertCaseEvent } from '../store.ts';
import { tellApplicant } from '../telling.ts';
import { readCaseForUpdate } from '../views.ts';
import { papersNamedIn } from './handed-in.ts';

/** How long its notice waits, so that several files get one. */
const TELL_AFTER: Temporal.DurationLike = { minutes: 1 };

/**
 * Returns what tells of a paper that its check refused after it was handed in: whoever handed it in gets one notice for all of a
 * minute, unless the case is closed, and the office sees it in the inbox and in the history of the case. Of a paper that is not handed in yet, its page tells.
 */
export const paperNews =
  (deps: {
    keyring: Pick<Keyring, 'make' | 'shelf'>;
    forms: Pick<Forms, 'version'>;
  }): CasePaperNews =>
  async (unit, of) => {
    const { keyring, forms } = deps;
    const row = await readCaseForUpdate(unit.tx, of);
    if (!row?.handedInAt) return async () => {};
    const { form } = await forms.version(row.office, row.form);
    const { record } = await openSealed(keyring, unit.tx, row);
    const named = papersNamedIn(form, {
      record,
      amendments: await openAmendments(keyring, unit.tx, row),
    });
    return async (document) => {
      if (!named.has(document)) return;
      // The trail has the check's own record.
      await insertCaseEvent(unit, of, 'paper_refused', { document });
      if (!row.closedAt)
        await tellApplicant(keyring, unit, row, { news: 'paper', after: TELL_AFTER });
    };
  };
