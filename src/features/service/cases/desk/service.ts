import { createDeciding, type Deciding, type DecidingDeps } from './deciding.ts';
import { createInbox, type Inbox, type InboxDeps } from './inbox.ts';
import { createWorking, type Working } from './working.ts';

/** What the staff of an office does with its cases (docs/adr/0092). */
export interface CaseDesk extends Inbox, Working, Deciding {}

export type CaseDeskDeps = DecidingDeps & InboxDeps;

export const createCaseDesk = (deps: CaseDeskDeps): CaseDesk => ({
  ...createInbox(deps),
  ...createWorking(deps),
  ...createDeciding(deps),
});
