import type { Office } from '../../../../domain/office/types.ts';
import { answerFrom } from '../../../../domain/requests/answers.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import { declaredType, findSent, type RequestsDeps, settingsOf } from '../keeping.ts';
import type { RequestRow } from '../types.ts';
import { readRequest } from '../views.ts';
import type { WorkingOnRequests } from '../working/service.ts';
import type { RequestWorkResult } from '../working/types.ts';
import { REQUESTS_ON_A_PAGE } from './inbox.ts';
import type { BulkDeed, BulkResult, SeenRequest } from './types.ts';

/** Doing the same with several requests of the inbox. */
export interface BulkOnRequests {
  /**
   * Does the same with several requests, at most a page of them, each by itself: what stands in the way of one keeps none of the others. An answer from a
   * template is in the language of each person.
   */
  several(
    viewer: StaffViewer,
    office: Office,
    chosen: readonly SeenRequest[],
    deed: BulkDeed,
  ): Promise<BulkResult>;
  /** Returns the text of a template for a request, in its person's language; null: it isn't theirs, or there is no such template. */
  answerFor(
    viewer: StaffViewer,
    office: Office,
    id: string,
    template: string,
  ): Promise<string | null>;
}

export function createBulk(deps: RequestsDeps, working: WorkingOnRequests): BulkOnRequests {
  const rowOf = (viewer: StaffViewer, office: Office, id: string) =>
    deps.unit(viewer, office.id, (each) => findSent(each, id, readRequest));

  const one = async (
    viewer: StaffViewer,
    office: Office,
    { id, seen }: SeenRequest,
    deed: BulkDeed,
  ): Promise<RequestWorkResult> => {
    switch (deed.do) {
      case 'give':
        return working.give(viewer, office, id, { assignee: deed.assignee, seen });
      case 'route': {
        const { team, reason } = deed;
        return working.route(viewer, office, id, { team, seen, ...(reason && { reason }) });
      }
      case 'merge':
        return working.step(viewer, office, id, { step: 'merge', seen, target: deed.target });
      case 'step': {
        const { step, words = '', template = '', reason } = deed;
        const row = await rowOf(viewer, office, id);
        const written = words.trim() === '' && row ? answerIn(office, row, template) : words;
        const more = { words: written ?? '', ...(reason && { reason }) };
        return working.step(viewer, office, id, { step, seen, ...more });
      }
    }
  };

  return {
    async several(viewer, office, chosen, deed) {
      const results: { id: string; result: RequestWorkResult }[] = [];
      const ids = new Set<string>();
      const target = deed.do === 'merge' ? deed.target.trim().toUpperCase() : null;
      for (const each of chosen.slice(0, REQUESTS_ON_A_PAGE)) {
        if (ids.has(each.id)) continue;
        ids.add(each.id);
        // The one that stays may be chosen too: nothing is done with it.
        const stays = target && (await rowOf(viewer, office, each.id))?.reference === target;
        if (!stays) results.push({ id: each.id, result: await one(viewer, office, each, deed) });
      }
      return results;
    },

    async answerFor(viewer, office, id, template) {
      const row = await rowOf(viewer, office, id);
      return row && answerIn(office, row, template);
    },
  };
}

/** Returns the text of a template for a request; null: there is no such template. */
function answerIn(
  office: Office,
  { reference, language, name, type }: RequestRow,
  template: string,
): string | null {
  const found = settingsOf(office)?.templates.find(({ code }) => code === template);
  if (!found) return null;
  const typeName = textIn(declaredType(office, type)?.name, language);
  return answerFrom(textIn(found.text, language), { reference, name, type: typeName });
}
