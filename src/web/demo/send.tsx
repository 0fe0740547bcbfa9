import type { Context as Request } from 'hono';
import type { Town } from '../../domain/office/types.ts';
import type { Dates } from '../../lib/i18n/dates.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import type { Assets } from '../assets.ts';
import { withFrames } from '../framed.ts';
import { type CitizenPage, sendPage } from '../respond.tsx';
import type { Access } from './access.ts';
import { AgainPage } from './again.tsx';
import { ItPage, type ItProps, RunPage } from './it/pages.tsx';
import { streamed } from './it/streamed.ts';
import type { Mail } from './mailbox.ts';
import { DemoPage, MailPage } from './pages.tsx';
import { TourPage } from './tour.tsx';
import type { AgainRefusal, BeginAgain, DemoLife, DemoTools, Scenario, Trials } from './types.ts';

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
  tools: DemoTools;
  /** Whether it has just begun again. */
  hasBegun: boolean;
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

/** What the pages of the tools are sent with. */
export interface SendTools {
  again(
    c: Request,
    on: { again: BeginAgain; token: string; refusal: AgainRefusal | null },
  ): Promise<Response>;
  it(c: Request, on: Omit<ItProps, 't'>): Promise<Response>;
  /** Goes on while the command runs. */
  run(c: Request, trials: Trials): Promise<Response>;
  /** Says that only a browser on this machine may do it. */
  elsewhere(c: Request): Promise<Response>;
}

export function sendTools(reader: (c: Request) => Promise<Reader>): SendTools {
  const page = async (c: Request, of: (t: Translate) => Omit<CitizenPage, 't' | 'town'>) => {
    const { t, town, assets } = await reader(c);
    return sendPage(c, assets, { t, town, isPersonal: true, ...of(t) });
  };
  return {
    again: (c, { again, token, refusal }) =>
      page(c, (t) => ({
        title: t('demo.again'),
        status: refusal ? 409 : 200,
        children: <AgainPage t={t} seconds={again.seconds()} token={token} refusal={refusal} />,
      })),
    it: (c, on) => page(c, (t) => ({ title: t('demo.it'), children: <ItPage t={t} {...on} /> })),
    run: async (c, trials) => {
      const { t } = await reader(c);
      const children = <RunPage t={t} trials={trials} />;
      const whole = page(c, () => ({ title: t('demo.it'), isStreamed: true, children }));
      return streamed(await whole, t, trials);
    },
    elsewhere: (c) =>
      page(c, (t) => ({
        title: t('demo.elsewhere'),
        status: 403,
        children: (
          <>
            <h1>{t('demo.elsewhere')}</h1>
            <p class="lead">{t('demo.elsewhere.text')}</p>
          </>
        ),
      })),
  };
}
