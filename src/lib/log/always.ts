import type { Logger } from 'pino';

/** Returns a log for the lines that operators and their programs wait for: it writes them whatever LOG_LEVEL says. */
export const always = (log: Logger): Logger => log.child({}, { level: 'info' });
