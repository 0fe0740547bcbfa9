import type { Translate } from '../lib/i18n/translate.ts';

/** A page of a list that is too long for one. */
export interface Paged<T> {
  shown: readonly T[];
  /** From 1 on. */
  page: number;
  pages: number;
}

/** Returns the requested page, or the nearest existing one. */
export function pageOf<T>(all: readonly T[], asked: string | undefined, most: number): Paged<T> {
  const pages = Math.max(1, Math.ceil(all.length / most));
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(asked)) || 1));
  return { shown: all.slice((page - 1) * most, page * most), page, pages };
}

/** The links to the previous and the next page; nothing with one page. `name`: of the list. */
export function PageLinks(props: {
  t: Translate;
  name: string;
  at: Pick<Paged<unknown>, 'page' | 'pages'>;
  href: (page: number) => string;
}) {
  const { t, name, href } = props;
  const { page, pages } = props.at;
  if (pages === 1) return null;
  return (
    <nav class="row" aria-label={t('common.pages', { name })}>
      {page > 1 ? (
        <a rel="prev" href={href(page - 1)}>
          {t('common.pages.before')}
        </a>
      ) : null}
      <span>{t('common.pages.at', { page, pages })}</span>
      {page < pages ? (
        <a rel="next" href={href(page + 1)}>
          {t('common.pages.after')}
        </a>
      ) : null}
    </nav>
  );
}
