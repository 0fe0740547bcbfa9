/**
 * The exceptions of the structure check, each with its reason. These lists may only get shorter: an
 * entry that is no longer needed is itself a finding.
 */

/** Files longer than the limit. */
export const LONG_FILES: Record<string, string> = {};

/** Files outside stores and views that touch the database. */
export const DATABASE_ELSEWHERE: Record<string, string> = {};

/** Files that write tables of other features. */
export const OTHER_WRITERS: Record<string, string> = {
  'src/features/foundation/outbox/store.ts':
    'it writes the tables that features hand to outboxTable()',
  'src/lib/backup/load.ts': 'a backup is restored into every table',
};

/** SQL functions that write a table of another feature: one statement books, moves or reassigns, with all that belongs to it. */
export const OTHER_FUNCTIONS: Record<string, string> = {
  'book_appointment: audit': 'docs/adr/0006',
  'book_appointment: notice': 'docs/adr/0006',
  'book_appointment: opening': 'docs/adr/0006',
  'claim_time: desk': 'docs/adr/0006',
  'move_appointment: audit': 'docs/adr/0006',
  'move_appointment: notice': 'docs/adr/0006',
  'reassign_appointment: audit': 'docs/adr/0006',
};

/** Functions that take a bare transaction from another feature: file and name, and why. */
export const BARE_TRANSACTIONS: Record<string, string> = {};

/** Files of features that tell the notifier by hand. */
export const TOLD_BY_HAND: Record<string, string> = {};

/** Functions of more than 60 lines: path and name, and how many lines they have at most. */
export const LONG_FUNCTIONS: Record<string, number> = {
  'e2e/support/states.ts collectStates': 69,
  'e2e/support/states.ts working': 71,
  'src/features/booking/administration/views.ts readState': 87,
  'src/features/booking/wait-list/testing.ts testList': 93,
  'src/features/foundation/notices/letter.ts restOf': 71,
  'src/features/foundation/notices/testing/owing.ts oweOne': 71,
  'src/features/foundation/offices/testing.ts testOffice': 71,
  'src/features/foundation/staff/account/testing.ts softAuthenticator': 65,
  'src/features/foundation/staff/auth.ts createAuth': 61,
  'src/features/insight/statistics/testing.ts makeHistory': 79,
  'src/features/service/coordination/testing.ts coordinationWorld': 129,
  'src/features/service/coordination/testing.ts open': 96,
  'src/lib/backup/testing/town.ts fillTheRest': 101,
  'src/wiring/service.ts wireService': 74,
};

/** Folders with more than 20 files, and how many they have at most. */
export const FULL_FOLDERS: Record<string, number> = {
  'e2e/support': 31,
  'src/lib/db': 21,
};

/** Folders in which object literals are still spread and tuples taken apart. */
export const COMPACT_FOLDERS: readonly string[] = [
  'src/features/',
  'src/formats/',
  'src/lib/',
  'src/domain/',
];
