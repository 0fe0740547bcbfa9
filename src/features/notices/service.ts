export { noteBounce, watchBounces } from './bounces.ts';
export { calendarFile } from './calendar.ts';
export { createNoticeWorker, type LinkMaker, type NoticeWorker } from './jobs.ts';
export { render } from './render.ts';
export { dropPending, oweNotices } from './store.ts';
export { demoTransport } from './transports/demo.ts';
export { smsTransport } from './transports/sms.ts';
export { smtpTransport } from './transports/smtp.ts';
export { readNotice, readOutbox } from './views.ts';
