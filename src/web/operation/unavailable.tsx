import type { Context } from 'hono';
import type { ComponentChildren } from 'preact';
import type { Clock } from '../../lib/clock.ts';
import { datesIn } from '../../lib/i18n/dates.ts';
import {
  isLanguage,
  LANGUAGES,
  type Language,
  preferredLanguage,
} from '../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../lib/i18n/translate.ts';
import { Button } from '../../ui/buttons.tsx';
import { Page } from '../../ui/page.tsx';
import type { Assets } from '../assets.ts';
import { ReachUs } from '../citizen/about/reach.tsx';
import { ABOUT_PAGES } from '../citizen/urls.ts';
import { type Form, readSentForm } from '../form.ts';
import { samePage, sendDocument } from '../respond.tsx';
import { isCrossSite } from '../security.ts';
import type { KnownTown } from './known-town.ts';

interface Away {
  title: string;
  /** Seconds until the next useful try. */
  retryAfter: number;
  /** Whether the pages about the site are readable meanwhile. */
  hasAbout: boolean;
  children: ComponentChildren;
}

/**
 * Shows the page for a lost database, without any query. `form`: what was sent; the page keeps it, and sends it again when asked.
 * `hasArrived`: whether it may have been done, because the database went away during it.
 */
export function unavailable(
  c: Context,
  assets: Assets,
  known: KnownTown | null,
  form: Form | null = null,
  hasArrived = true,
): Response {
  const t = translatorOf(c, known);
  const locked = lockedUpload(c, '30');
  if (locked) return locked;
  const isStaff = isStaffPath(c.req.path);
  return away(c, assets, t, known, {
    title: t(isStaff ? 'common.unavailable.staffTitle' : 'common.unavailable.title'),
    retryAfter: 30,
    hasAbout: false,
    children: (
      <>
        <p class="lead">
          {t(isStaff ? 'common.unavailable.staffText' : 'common.unavailable.text')}
        </p>
        {form ? (
          <SendAgain t={t} action={pathOf(c.req.url)} form={form} hasArrived={hasArrived} />
        ) : null}
        {c.req.method === 'POST' && !form ? <p>{t('common.unavailable.sent')}</p> : null}
        {c.req.method === 'GET' ? (
          <p>
            <a href={pathOf(c.req.url)}>{t('common.unavailable.again')}</a>
          </p>
        ) : null}
      </>
    ),
  });
}

/**
 * Answers whoever sends a file in parts and asks where to go on; null: it is another request. tus programs wait after 423; after any other
 * error, tus-js-client begins the file anew. `after`: seconds.
 */
export function lockedUpload(c: Context, after: string): Response | null {
  if (c.req.raw.method !== 'HEAD' || !c.req.header('Tus-Resumable')) return null;
  c.header('Retry-After', after);
  return c.body(null, 423);
}

/** Names of fields that no page holds: passwords, and codes that count once. */
export const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'password',
  'repeat',
  'current',
  'code',
  'paperCode',
  'secret',
  'token',
]);

/**
 * Returns the form of a request that failed, for the page to keep; null: none, or one of another site or with a secret in it. `baseUrl`: null
 * before the town is known; the browser itself must say then that the form is of the same site.
 */
export async function keptForm(c: Context, baseUrl: string | null): Promise<Form | null> {
  const site = c.req.header('Sec-Fetch-Site');
  const isOwn =
    baseUrl === null ? site === 'same-origin' : (site ?? 'same-origin') === 'same-origin';
  if (c.req.method !== 'POST' || !isOwn) return null;
  if (baseUrl !== null && isCrossSite(c, baseUrl)) return null;
  const form = await readSentForm(c);
  return form?.fields().some(([name]) => SECRET_FIELDS.has(name)) ? null : form;
}

function SendAgain(props: { t: Translate; action: string; form: Form; hasArrived: boolean }) {
  const { t, action, form, hasArrived } = props;
  return (
    <form method="post" action={action} class="stack">
      {form.fields().map(([name, text]) => (
        <input type="hidden" name={name} value={text} />
      ))}
      {hasArrived ? <p>{t('common.unavailable.maybe')}</p> : null}
      <p>{t('common.unavailable.kept')}</p>
      <Button>{t('common.unavailable.send')}</Button>
    </form>
  );
}

/** Shows that more people are here than can be served at once. `seconds`: until the next try. `form`: what was sent, which the page keeps. */
export function crowded(c: Context, assets: Assets, seconds: number, form: Form | null): Response {
  const t = translatorOf(c, null);
  const ofSent = form ? (
    <SendAgain t={t} action={pathOf(c.req.url)} form={form} hasArrived={false} />
  ) : (
    <p>{t('common.crowded.sent')}</p>
  );
  return away(c, assets, t, null, {
    title: t('common.crowded.title'),
    retryAfter: seconds,
    hasAbout: false,
    children: (
      <>
        <p class="lead">{t('common.crowded.text')}</p>
        {c.req.method === 'GET' ? (
          <p>
            <a href={pathOf(c.req.url)}>{t('common.unavailable.again')}</a>
          </p>
        ) : (
          ofSent
        )}
      </>
    ),
  });
}

/** Returns a path and a language for which `crowded` has the same words as for this path: only the link to what was asked for differs. */
export function crowdedLike(
  path: string,
  acceptLanguage: string | null,
): { path: string; language: Language } {
  const language = languageFor(path, acceptLanguage ?? undefined, LANGUAGES);
  return { path: isStaffPath(path) ? '/console/~' : `/${language}/~`, language };
}

const LOOKS_AGAIN_SECONDS = 2;

/** Shows that a demo begins again, on a page that comes back by itself. `seconds`: how long it takes. */
export function beginsAgain(c: Context, assets: Assets, seconds: number): Response {
  const t = translatorOf(c, null);
  const isPage = c.req.method === 'GET' || c.req.method === 'HEAD';
  // A form that was sent has nobody to take it any more.
  c.header('Refresh', isPage ? String(LOOKS_AGAIN_SECONDS) : `${LOOKS_AGAIN_SECONDS}; url=/`);
  return away(c, assets, t, null, {
    title: t('demo.again.now'),
    retryAfter: LOOKS_AGAIN_SECONDS,
    hasAbout: false,
    children: (
      <p class="lead" role="status">
        {t('demo.again.back', { seconds })}
      </p>
    ),
  });
}

/** Seconds until the next try when the end of the maintenance is unknown. */
const AN_HOUR = 3600;

/**
 * Shows that the citizen's side is under maintenance: its end, the state of existing appointments, and
 * other contacts.
 */
export function closed(
  c: Context,
  assets: Assets,
  known: KnownTown | null,
  { until, now }: { until: Temporal.Instant | null; now: Temporal.Instant },
): Response {
  const t = translatorOf(c, known);
  const left = until ? Math.ceil(until.since(now).total('seconds')) : AN_HOUR;
  const dates = datesIn(t.language, known?.town.timeZone ?? 'Europe/Madrid');
  return away(c, assets, t, known, {
    title: t('closed.title'),
    retryAfter: left,
    hasAbout: known !== null,
    children: (
      <>
        <p class="lead">
          {until ? (
            <>
              {t('closed.until')}{' '}
              <strong>
                {dates.day(until)}, <span class="nowrap">{dates.time(until)}</span>
              </strong>
            </>
          ) : (
            t('closed.unknown')
          )}
        </p>
        <p>{t('closed.kept')}</p>
        <p>{t('closed.unfinished')}</p>
      </>
    ),
  });
}

/** Returns whether the citizen's side is under maintenance now; it ends by itself at its hour. */
export function isClosed(
  { closed: until }: { closed: { until: Temporal.Instant | null } | null },
  clock: Clock,
): boolean {
  if (!until) return false;
  return until.until === null || Temporal.Instant.compare(clock.now(), until.until) < 0;
}

const translatorOf = (c: Context, known: KnownTown | null): Translate =>
  translateTo(
    languageFor(c.req.path, c.req.header('Accept-Language'), known?.town.languages ?? LANGUAGES),
  );

function languageFor(
  path: string,
  acceptLanguage: string | undefined,
  offered: readonly Language[],
): Language {
  const first = path.split('/')[1];
  const isOffered = isLanguage(first) && offered.includes(first);
  return isOffered ? first : preferredLanguage(acceptLanguage, offered);
}

/** Returns whether the address is one of the staff's pages, which need neither the town hall's telephones nor links to citizens' pages. */
const isStaffPath = (path: string): boolean => /^\/(console|staff)(\/|$)/.test(path);

/** Returns the path and query of an address, for a link to it from the same site. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname.startsWith('//') ? '/' : pathname + search;
}

function away(
  c: Context,
  assets: Assets,
  t: Translate,
  known: KnownTown | null,
  { title, retryAfter, hasAbout, children }: Away,
): Response {
  const name = known?.town.name ?? 'Finestreta';
  const isStaff = isStaffPath(c.req.path);
  c.header('Retry-After', String(retryAfter));
  return sendDocument(
    c,
    <Page
      t={t}
      title={title}
      owner={{ name, title: name, href: isStaff ? '/console' : `/${t.language}` }}
      stylesheets={[assets.citizenCss]}
      languages={(isStaff ? [] : (known?.town.languages ?? [])).map((language) => ({
        language,
        href: samePage(new URL(c.req.url), language),
      }))}
      footer={(hasAbout ? ABOUT_PAGES : []).map((each) => ({
        href: `/${t.language}/${each}`,
        text: t(`common.footer.${each}`),
      }))}
      isHidden
    >
      <h1>{title}</h1>
      {children}
      {known && !isStaff ? (
        <section class="stack" aria-labelledby="reach">
          <h2 id="reach">{t('reach.title')}</h2>
          <ReachUs t={t} town={known.town} offices={known.offices} />
        </section>
      ) : null}
    </Page>,
    { status: 503, isPersonal: true },
  );
}
