import type { Office, Procedure } from '../../../domain/office/types.ts';
import type { Declaration } from '../../../features/booking/administration/types.ts';
import { LANGUAGE_NAMES, textIn } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { BackLink } from '../../../ui/parts.tsx';
import { ProcedureWords } from '../../citizen/finding/procedure.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import { adminBase } from '../places.ts';
import { type AdminDeps, declared } from '../sheet.tsx';

/** `/console/{office}/admin/draft/preview/{procedure}`: a procedure as citizens will read it once the draft is published. */
export const draftPreview = (deps: AdminDeps) =>
  declared(deps, (visit, declaration) => {
    const { t, c } = visit;
    const code = c.req.param('procedure') ?? '';
    const office = officeWith(visit, declaration);
    const procedure = office.procedures.find((each) => each.code === code);
    if (!procedure) return c.notFound() as Response;
    const { languages } = office;
    const language = languages.find((each) => each === c.req.query('language')) ?? languages[0]!;
    const name = textIn(procedure.name, t.language) || code;
    const title = t('admin.draft.preview.of', { name });
    const alone = { ...procedure, parts: [procedure], people: 1 };
    const words = { t: translateTo(language), language, office, procedure: alone };
    return visit.show(
      { title },
      <>
        <BackLink href={`${adminBase(visit)}/draft`}>{t('admin.draft.title')}</BackLink>
        <p class="soft">{t('admin.draft.preview.lead')}</p>
        <nav aria-label={t('admin.draft.preview')}>
          <ul class="row unmarked">
            {languages.map((each) => (
              <li key={each}>
                <a
                  class="act"
                  href={`?language=${each}`}
                  lang={each}
                  aria-current={each === language ? 'page' : undefined}
                >
                  {LANGUAGE_NAMES[each]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <article class="admin-citizen stack" lang={language}>
          <ProcedureWords visit={words} />
        </article>
      </>,
    );
  });

/** Returns the office as it will be with the draft; without one, as it is. */
function officeWith({ office }: DeskVisit, { draft, state }: Declaration): Office {
  const { settings, procedures } = draft?.drafted?.state ?? state;
  const offered = [...procedures]
    .filter(([, each]) => !each.retired)
    .map(([code, each]): Procedure => {
      const id = office.procedures.find((known) => known.code === code)?.id ?? 0;
      return { ...each.settings, id, code, retired: false };
    });
  const { languages, name } = settings;
  return { ...office, settings, languages, name, procedures: offered };
}
