import type { Context } from 'hono';
import { isLanguage, LANGUAGES, preferredLanguage } from '../lib/i18n/languages.ts';
import { translateTo } from '../lib/i18n/translate.ts';
import { Page } from '../ui/page.tsx';
import type { Assets } from './assets.ts';
import { sendDocument } from './respond.tsx';

/** "Not now": the page for when the database is away, so it must need nothing from it. */
export function unavailable(c: Context, assets: Assets): Response {
  const first = c.req.path.split('/')[1];
  const language = isLanguage(first)
    ? first
    : preferredLanguage(c.req.header('Accept-Language'), LANGUAGES);
  const t = translateTo(language);
  const title = t('common.unavailable.title');
  c.header('Retry-After', '30');
  return sendDocument(
    c,
    <Page
      t={t}
      title={title}
      owner={{ name: 'Finestreta', title: 'Finestreta', href: `/${language}` }}
      stylesheet={assets.citizenCss}
      languages={[]}
      footer={[]}
      isHidden
    >
      <h1>{title}</h1>
      <p class="lead">{t('common.unavailable.text')}</p>
    </Page>,
    { status: 503, isPersonal: true },
  );
}
