export { noteBounce, readBounces } from './bounces/reading.ts';
export { calendarFile } from './calendar.ts';
export { forgetOfRequest } from './forgetting/store.ts';
export { createNoticeWorker, type NoticeWorker } from './jobs.ts';
export type { Letter } from './letter.ts';
export {
  caseSecret,
  chatSecret,
  cosignerSecret,
  createLinks,
  followerSecret,
  noticeOfToken,
  requestSecret,
  waitingSecret,
} from './links.ts';
export { oneLine } from './plain.ts';
export { createPreviews, type Preview, type Previews } from './previews.ts';
export { letterMessage, render } from './render.ts';
export { createStopping, type Stoppable, type Stopping } from './stopping.ts';
export {
  dropPending,
  dropPendingOfCase,
  dropPendingOfRequest,
  oweNotices,
  readdress,
  restoreDropped,
} from './store.ts';
export { bounceMailbox } from './transports/bounce-mailbox.ts';
export { demoTransport } from './transports/demo.ts';
export { smsTransport } from './transports/sms.ts';
export { smtpTransport } from './transports/smtp.ts';
export { createTrials, type TrialResult, type Trials } from './transports/trial.ts';
export { readNotice, readOutbox } from './views.ts';
export { delivered as deliveredWords } from './wording.ts';
