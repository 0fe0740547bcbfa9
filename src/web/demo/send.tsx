import type { Context as Request } from 'hono';
import type { Town } from '../../domain/office/types.ts';
import type { Dates } from '../../lib/i18n/dates.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import type { Assets } from '../assets.ts';
import { withFrames } from '../framed.ts';
import { sendPage } from '../respond.tsx';
import type { Access } from './access.ts';
import type { Mail } from './mailbox.ts';
import { DemoPage, MailPage } from './pages.tsx';
import { TourPage } from './tour.tsx';
import type { DemoLife, Scenario } from './types.ts';

export interface Reader {
  c: Request;
  town: Town;
  t: Translate;
  dates: Dates;
  assets: Assets;
}

/** What `/demo` shows. */
export interface Shown {
  access: Access;
  mails: Mail[];
  life: DemoLife | null;
  now: Temporal.Instant;
  /** Whether somebody as whom one wanted to come in is not there any more. */
  isGone: boolean;
  /** What just happened, and what could not; null: nothing. */
  played: Scenario | null;
  unplayed: Scenario | null;
}

export function sendDemo({ c, town, t, dates, assets }: Reader, shown: Shown) {
  return sendPage(c, assets, {
    t,
    town,
    title: t(shown.life ? 'demo.title' : 'notices.demo.title'),
    isPersonal: true,
    children: <DemoPage t={t} dates={dates} {...shown} />,
  });
}

export function sendTour({ c, town, t, assets }: Reader): Response {
  const title = t('demo.tour');
  return sendPage(c, assets, { t, town, title, isPersonal: true, children: <TourPage t={t} /> });
}

export function sendMail({ c, town, t, dates, assets }: Reader, mail: Mail): Response {
  const page = sendPage(c, assets, {
    t,
    town,
    title: mail.subject,
    isPersonal: true,
    children: <MailPage t={t} mail={mail} dates={dates} />,
  });
  return withFrames(page);
}
