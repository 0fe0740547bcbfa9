import { NOTICE_WAYS } from '../../../domain/address.ts';
import {
  CALLED_LENGTH,
  calledOf,
  NO_WISHES,
} from '../../../features/foundation/identification/rules.ts';
import { LANGUAGE_NAMES } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { Radios, TextInput } from '../../../ui/forms.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { formPage, Problems } from '../shared.tsx';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';

/** `/{language}/folder/preferences`: what a person wants to be called, in which language and by which way they are written to. */
export function preferencesPage(deps: CitizenDeps) {
  return {
    get: (visit: PersonVisit): Response => {
      const { called, language, notices } = visit.session.wishes;
      const chosen = { called: called ?? '', language: language ?? '', notices: notices ?? '' };
      return showPreferences(deps, visit, chosen);
    },

    post: async (visit: PersonVisit): Promise<Response> => {
      const form = await readForm(visit.c);
      const typed = {
        called: form.line('called'),
        language: form.text('language'),
        notices: form.text('notices'),
      };
      if (typed.called.length > CALLED_LENGTH)
        return showPreferences(deps, visit, typed, visit.t('folder.called.long'));
      await deps.identification.wish(visit.session.person, {
        called: typed.called || null,
        language: visit.town.languages.find((each) => each === typed.language) ?? null,
        // Where the town sends no SMS, what was chosen before stays.
        ...(deps.linkRecovery.bySms && {
          notices: NOTICE_WAYS.find((each) => each === typed.notices) ?? null,
        }),
      });
      return visit.redirect(`${visit.to.folder('preferences')}?done`);
    },
  };
}

function showPreferences(
  { linkRecovery }: Pick<CitizenDeps, 'linkRecovery'>,
  visit: PersonVisit,
  typed: { called: string; language: string; notices: string },
  mistake?: string,
): Response {
  const { c, t, to, town, session } = visit;
  const title = t('folder.preferences.title');
  const problems = mistake ? [{ href: '#called', text: mistake }] : [];
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={to.folder()}>{t('folder.title')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      {c.req.query('done') === undefined || mistake ? null : (
        <div role="status">
          <Notice kind="good">
            <p>{t('folder.preferences.saved')}</p>
          </Notice>
        </div>
      )}
      <form class="form" action={to.folder('preferences')} method="post">
        <TextInput
          name="called"
          label={t('folder.called.label')}
          hint={t('folder.called.hint', {
            name: calledOf({ ...session, wishes: NO_WISHES }),
          })}
          value={typed.called}
          error={mistake}
          autocomplete="nickname"
          spellcheck={false}
        />
        <Radios
          name="language"
          label={t('folder.language.label')}
          hint={t('folder.language.hint')}
          value={typed.language}
          options={[
            { value: '', label: t('folder.language.none') },
            ...town.languages.map((each) => ({
              value: each,
              label: LANGUAGE_NAMES[each],
              lang: each,
            })),
          ]}
        />
        {linkRecovery.bySms ? <NoticesBy t={t} value={typed.notices} /> : null}
        <Button>{t('folder.preferences.save')}</Button>
      </form>
    </>,
  );
}

const NoticesBy = ({ t, value }: { t: Translate; value: string }) => (
  <Radios
    name="notices"
    label={t('noticesBy.folder.label')}
    hint={t('noticesBy.folder.hint')}
    value={value}
    options={[
      { value: '', label: t('noticesBy.folder.none') },
      ...NOTICE_WAYS.map((each) => ({ value: each, label: t(`noticesBy.folder.${each}`) })),
    ]}
  />
);
