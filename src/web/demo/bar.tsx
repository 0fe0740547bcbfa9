import type { MiddlewareHandler } from 'hono';
import { translateTo } from '../../lib/i18n/translate.ts';
import { markAsDemo } from '../respond.tsx';
import { DemoBar } from './welcome.tsx';

/** Has every page say that it is of a demo. */
export const demoBar: MiddlewareHandler = (c, next) => {
  markAsDemo(c, (language) => <DemoBar t={translateTo(language)} />);
  return next();
};
