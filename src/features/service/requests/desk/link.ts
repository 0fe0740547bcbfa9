import type { Office } from '../../../../domain/office/types.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import { hashSecret } from '../../../../lib/secrets.ts';
import { type StaffViewer, staffIn } from '../../../../lib/viewer.ts';
import { dropPendingOfRequest, requestSecret } from '../../../foundation/notices/service.ts';
import { replaceOpening } from '../../../foundation/openings/service.ts';
import { findSent, type RequestsDeps } from '../keeping.ts';
import { isReachable, mayHandle } from '../rules.ts';
import { changeRequest, insertRequestEvent } from '../store.ts';
import { tellRequest } from '../telling.ts';
import type { RequestRow } from '../types.ts';
import { readRequestForUpdate } from '../views.ts';
import type { RequestWorkResult } from '../working/types.ts';

/** Minutes after it was sent in which whoever wrote a request down can give its link, though another team has it. */
const WRITER_GIVES_MINUTES = 60;

/** The link of a request, for the one moment in which an official hands it over. */
export interface GivenRequestLink {
  reference: string;
  type: string;
  /** Of what is written to its person. */
  language: Language;
  secret: string;
}

/** Handing the link of a request to its person, who left no address or lost it. */
export interface GivingRequestLinks {
  /**
   * Replaces the link of a request and returns the new one; the former one opens nothing any more. It is on the trail, and an address on file is told too:
   * who has the link acts as the person.
   */
  giveLink(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: { seen: number },
  ): Promise<
    { ok: true; given: GivenRequestLink } | Extract<RequestWorkResult, { reason: string }>
  >;
}

/**
 * Returns whether a member of staff may give the link of a request that they see: whoever may do something with it; and, just after it was sent, whoever wrote
 * it down for somebody who left no address, and has nothing else to take along.
 */
export function mayGiveLink(viewer: StaffViewer, row: RequestRow, now: Temporal.Instant): boolean {
  if (row.anonymisedAt !== null || row.leftAt !== null || row.sentAt === null) return false;
  if (mayHandle(viewer, row)) return true;
  const until = row.sentAt.add({ minutes: WRITER_GIVES_MINUTES });
  const isJustSent = Temporal.Instant.compare(now, until) < 0;
  return staffIn(row.madeBy) === viewer.staff && !isReachable(row) && isJustSent;
}

export function createGivingLinks({
  unit,
  key,
}: Pick<RequestsDeps, 'unit' | 'key'>): GivingRequestLinks {
  return {
    giveLink: (viewer, office, id, { seen }) =>
      unit(viewer, office.id, async (each) => {
        const row = await findSent(each, id, readRequestForUpdate);
        if (!row) return { ok: false, reason: 'not_found' };
        if (!mayGiveLink(viewer, row, each.now)) return { ok: false, reason: 'not_allowed' };
        if (row.version !== seen) return { ok: false, reason: 'changed' };
        const { reference, type, language } = row;
        const after = { ...row, link: row.link + 1 };
        const secret = requestSecret(key, after);
        await changeRequest(each, row, { link: after.link });
        await replaceOpening(each, 'request', id, hashSecret(secret));
        await insertRequestEvent(each, id, { kind: 'link_given' });
        await each.record('request_link_given', { data: { request: id } });
        // News that wait have the former link.
        for (const told of ['moved', 'message'] as const)
          await dropPendingOfRequest(each, id, told);
        await tellRequest(each, after, 'link');
        return { ok: true, given: { reference, type, language, secret } };
      }),
  };
}
