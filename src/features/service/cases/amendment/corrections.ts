import type { FormContext } from '../../../../domain/form/applied.ts';
import type { Office } from '../../../../domain/office/types.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import type { Keyring } from '../../documents/service.ts';
import { AMENDING, contextOf } from '../rules.ts';
import { openSealed } from '../sealing.ts';
import type { Amendment, CaseRecord, CaseRow, Change, Draft } from '../types.ts';
import { openAmendments } from './opened.ts';
import { openTo, outerOf } from './rules.ts';

/** What its applicant corrects in a case that waits for them. */
export interface Corrections {
  amendment: Amendment;
  /** Which request of the case it is: 1, 2 … */
  nth: number;
  /** The answers as they were handed in last, and the hash of that. */
  before: CaseRecord['answers'];
  hash: string;
  /** All that was handed in by now. */
  handedIn: HandedIn;
  /** The answers with what was corrected. */
  draft: Draft;
}

/** What was handed in to a case: the application, and what amended it. `amendments`: all that were asked, the newest first. */
export interface HandedIn {
  record: CaseRecord | null;
  amendments: readonly Amendment[];
}

/** Returns what was handed in last to a case: its newest amendment, or the application. Null: nothing. `amendments`: the newest first. */
export function handedInLast(
  amendments: readonly Amendment[],
  record: CaseRecord | null,
  hash: string | null,
): { record: Pick<CaseRecord, 'answers' | 'hands'>; hash: string } | null {
  const last = amendments.find(({ answered }) => answered !== null)?.answered;
  if (last) return last;
  return record && hash ? { record, hash } : null;
}

/** Opens what the applicant of a locked case corrects; null: nothing is asked of them, or somebody else looks at it. */
export async function correctionsOf(
  keys: Pick<Keyring, 'make' | 'shelf'>,
  { tx, viewer }: Unit,
  row: CaseRow,
): Promise<Corrections | null> {
  if (row.state !== AMENDING || viewer.kind !== 'applicant') return null;
  const amendments = await openAmendments(keys, tx, row);
  const [amendment] = amendments;
  const { draft, record } = await openSealed(keys, tx, row);
  const last = handedInLast(amendments, record, row.recordHash);
  if (!amendment || amendment.closedAt || !last) return null;
  const { answers, hands } = last.record;
  return {
    amendment,
    nth: amendments.length,
    before: answers,
    hash: last.hash,
    handedIn: { record, amendments },
    draft: draft ?? { answers, hands },
  };
}

/** Returns a change without what can't be changed to amend the case. */
export function onlyOpen(
  change: Change,
  { amendment, before, draft }: Corrections,
  { form }: PublishedForm,
  context: FormContext,
): Change {
  const open = openTo(form, amendment.points, { before, now: draft.answers }, context);
  return Object.fromEntries(Object.entries(change).filter(([name]) => open.has(name)));
}

/** Returns whether the answer to a question can be changed to amend the case, or the group that it is in. */
export const isOpenIn = (
  { amendment, before, draft }: Corrections,
  { form }: PublishedForm,
  name: string,
  context: FormContext,
): boolean =>
  openTo(form, amendment.points, { before, now: draft.answers }, context).has(outerOf(name));

/** Returns by which day a case is amended: that on which it was handed in, so that its other answers stay right. */
export const contextToAmend = (
  row: Pick<CaseRow, 'handedInAt' | 'language'>,
  office: Office,
  now: Temporal.Instant,
): FormContext => contextOf(office, row.handedInAt ?? now, row.language);
