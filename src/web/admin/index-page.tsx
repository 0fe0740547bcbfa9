import type { Declaration } from '../../features/booking/administration/types.ts';
import { changesIn } from '../../formats/town-file/versions/changes.ts';
import { LANGUAGE_NAMES, type Language } from '../../lib/i18n/languages.ts';
import { Notice, Tag } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { adminBase, pageForMending, pageName, placeName } from './places.ts';
import { SECTIONS } from './sections.ts';
import { type AdminDeps, declared } from './sheet.tsx';
import { languagesOf } from './sheet-view.tsx';
import { type Gaps, gapsByPage } from './translating/gaps.ts';

/** `/console/{office}/admin`: all settings of an administrator, and the missing ones. */
export const adminPage = (deps: AdminDeps) =>
  declared(deps, (visit, declaration) => {
    const { t } = visit;
    const title = t('admin.title');
    return visit.show(
      { title },
      <>
        <h1>{title}</h1>
        <p class="lead">{t('admin.lead')}</p>
        {declaration.draft ? (
          <Notice>
            <a href={`${adminBase(visit)}/draft`}>
              {t('admin.draft.index', { count: changesIn(declaration.draft.changes).length })}
            </a>
          </Notice>
        ) : null}
        <Missing visit={visit} declaration={declaration} />
        <Pages visit={visit} />
        <p class="soft">{t('admin.file')}</p>
      </>,
    );
  });

/** Returns the address of each page of the administration, with the last part of the key of its name. */
export function adminPages(visit: DeskVisit) {
  const admin = adminBase(visit);
  const { base } = visit;
  return [
    ...(['procedures', 'desks'] as const).map((each) => [`${admin}/${each}`, each] as const),
    ...SECTIONS.map((each) => [`${admin}/${each}`, each] as const),
    [`${admin}/wording`, 'wording'] as const,
    [`${admin}/history`, 'history'] as const,
    [`${base}/people`, 'people'] as const,
    [`${admin}/import`, 'import'] as const,
    [`${admin}/tokens`, 'tokens'] as const,
    [`${base}/payments`, 'payments'] as const,
    [`${base}/webhooks`, 'webhooks'] as const,
    [`${base}/calendars`, 'calendars'] as const,
  ];
}

function Pages({ visit }: { visit: DeskVisit }) {
  const { t } = visit;
  return (
    <ul class="admin-pages unmarked">
      {adminPages(visit).map(([href, name]) => (
        <li key={name}>
          <a href={href} data-action={name === 'webhooks' ? name : undefined}>
            {t(`admin.section.${name}`)}
          </a>
          <p class="small soft">{t(`admin.about.${name}`)}</p>
        </li>
      ))}
    </ul>
  );
}

/** What needs attention, as a list of tasks: texts by language, and obstacles for citizens. */
function Missing({ visit, declaration }: { visit: DeskVisit; declaration: Declaration }) {
  const { t } = visit;
  const rest = declaration.findings.filter(
    (each) => each.slip && each.slip.kind !== 'untranslated',
  );
  const languages = languagesOf(declaration).flatMap((language) => {
    const pages = gapsByPage(declaration, language);
    return pages.size > 0 ? [{ language, pages }] : [];
  });
  if (languages.length + rest.length === 0)
    return <Notice kind="good">{t('admin.todo.none')}</Notice>;
  return (
    <section aria-labelledby="todo" class="admin-todo">
      <h2 id="todo">{t('admin.todo.title')}</h2>
      {rest.length > 0 ? (
        <ul>
          {rest.map((each) => (
            <li key={each.message}>
              <a href={`${adminBase(visit)}/${pageForMending(each) ?? ''}`}>
                {placeName(visit, declaration, each)}
              </a>
              {each.slip ? `: ${t(`admin.slip.${each.slip.kind}`, each.slip.values)}` : null}
            </li>
          ))}
        </ul>
      ) : null}
      {languages.map(({ language, pages }) => (
        <TextsToDo
          key={language}
          visit={visit}
          declaration={declaration}
          language={language}
          pages={pages}
        />
      ))}
    </section>
  );
}

interface TextsProps {
  visit: DeskVisit;
  declaration: Declaration;
  language: Language;
  pages: ReadonlyMap<string, Gaps>;
}

/** The pages with missing or older texts in a language; each link opens the page in that language. */
function TextsToDo({ visit, declaration, language, pages }: TextsProps) {
  const { t } = visit;
  const sum = (of: keyof Gaps) => [...pages.values()].reduce((all, each) => all + each[of], 0);
  const missing = sum('missing');
  const older = sum('older');
  return (
    <details>
      <summary>
        <span lang={language}>{LANGUAGE_NAMES[language]}</span>{' '}
        {missing > 0 ? <Tag kind="warn">{t('admin.todo.texts', { count: missing })}</Tag> : null}{' '}
        {older > 0 ? <Tag kind="warn">{t('admin.todo.older', { count: older })}</Tag> : null}
      </summary>
      <ul>
        {[...pages].map(([page, gaps]) => (
          <li key={page}>
            <a href={inLanguage(`${adminBase(visit)}/${page}`, language)}>
              {pageName(visit, declaration, page)}
            </a>
            {gaps.missing > 0 ? `, ${t('admin.beside.missing', { count: gaps.missing })}` : null}
            {gaps.older > 0 ? `, ${t('admin.beside.older', { count: gaps.older })}` : null}
          </li>
        ))}
      </ul>
    </details>
  );
}

const inLanguage = (page: string, language: Language): string =>
  `${page}${page.includes('?') ? '&' : '?'}language=${language}`;
