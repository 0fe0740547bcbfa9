import {
  type Decision,
  type DeskStep,
  type IssueObstacle,
  type WriteObstacle,
  whyNotIssue,
  whyNotWrite,
} from '../../../features/service/cases/service.ts';
import type { CaseProps } from './case.tsx';

type Looking = Pick<CaseProps, 'visit' | 'work'>;

/** Returns what keeps the viewer from writing the decision of a step; null: nothing, or it is no decision. */
export function whyNotWriteHere(
  { visit, work }: Looking,
  { to: outcome, how }: DeskStep,
): WriteObstacle | null {
  if (how !== 'decide') return null;
  const { opened, isGranted } = work;
  return whyNotWrite(visit.viewer, { outcome, assignee: opened.case.assignee, isGranted });
}

/** Returns what keeps the viewer from issuing what is written; null: nothing. */
export const whyNotIssueHere = (
  { visit, work }: Looking,
  { outcome, writtenBy }: Decision,
): IssueObstacle | null =>
  whyNotIssue(visit.viewer, { outcome, writtenBy, isGranted: work.isGranted });
