import type { Declaration } from '../../features/booking/administration/types.ts';
import type { Finding } from '../../formats/town-file/reading/check.ts';
import { LANGUAGE_NAMES } from '../../lib/i18n/languages.ts';
import { Notice, Tag } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { adminBase, pageForMending, placeName } from './places.ts';
import { SECTIONS } from './sections.ts';
import { type AdminDeps, declared } from './sheet.tsx';
import { languagesOf } from './sheet-view.tsx';

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
    [`${base}/people`, 'people'] as const,
    [`${admin}/tokens`, 'tokens'] as const,
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

/** The missing parts as a list of tasks: texts by language, and obstacles for citizens. */
function Missing({ visit, declaration }: { visit: DeskVisit; declaration: Declaration }) {
  const { t } = visit;
  const { findings } = declaration;
  const texts = findings.filter((each) => each.slip?.kind === 'untranslated');
  const rest = findings.filter((each) => each.slip && each.slip.kind !== 'untranslated');
  if (texts.length + rest.length === 0) return <Notice kind="good">{t('admin.todo.none')}</Notice>;
  const in_ = (language: string) =>
    texts.filter(({ slip }) => String(slip?.values?.languages).split(', ').includes(language));
  return (
    <section aria-labelledby="todo" class="admin-todo">
      <h2 id="todo">{t('admin.todo.title')}</h2>
      {rest.length > 0 ? (
        <ul>
          {rest.map((each) => (
            <li key={each.message}>
              <Where visit={visit} declaration={declaration} finding={each} />
              {each.slip ? `: ${t(`admin.slip.${each.slip.kind}`, each.slip.values)}` : null}
            </li>
          ))}
        </ul>
      ) : null}
      {languagesOf(declaration).map((language) => {
        const missing = pagesOf(in_(language));
        return missing.length === 0 ? null : (
          <details key={language}>
            <summary>
              <span lang={language}>{LANGUAGE_NAMES[language]}</span>{' '}
              <Tag kind="warn">{t('admin.todo.texts', { count: in_(language).length })}</Tag>
            </summary>
            <ul>
              {missing.map((each) => (
                <li key={each.message}>
                  <Where visit={visit} declaration={declaration} finding={each} />
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </section>
  );
}

/** Returns one finding for each page. */
function pagesOf(findings: readonly Finding[]): Finding[] {
  const byPage = new Map(findings.map((each) => [pageForMending(each), each]));
  return [...byPage.values()];
}

function Where(props: { visit: DeskVisit; declaration: Declaration; finding: Finding }) {
  const { visit, declaration, finding } = props;
  const page = pageForMending(finding);
  const words = placeName(visit, declaration, finding);
  return <a href={`${adminBase(visit)}/${page ?? ''}`}>{words}</a>;
}
