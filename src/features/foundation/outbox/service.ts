export { createSender, type Sending } from './jobs.ts';
export { type OutboxTable, outboxTable } from './store.ts';
