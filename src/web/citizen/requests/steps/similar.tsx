import type { WriteMistakes } from '../../../../features/service/requests/service.ts';
import type { SimilarRequest } from '../../../../features/service/requests/types.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { Button, ButtonLink } from '../../../../ui/buttons.tsx';
import { Radios } from '../../../../ui/forms.tsx';
import { Notice } from '../../../../ui/parts.tsx';
import { readForm } from '../../../form.ts';
import { RequestStateTag } from '../../../words/request-states.tsx';
import type { CitizenDeps } from '../../visit.tsx';
import { TellBy, type TypedContact, tellByIn } from '../contact-fields.tsx';
import { mistakeText, onward, problemsOf, stepPage, type Writing, withWriting } from './frame.tsx';

const NOBODY: TypedContact = { tellBy: 'page', name: '', email: '', phone: '' };

/** `…/request/{secret}/similar`: what others have told near by. Whoever finds it there follows it, or goes on. */
export function similarPage(deps: CitizenDeps) {
  const similarTo = ({ visit }: Writing) =>
    deps.requests.similar(visit.viewer, visit.office, visit.id);
  return {
    get: withWriting(deps, async (writing) => {
      const found = await similarTo(writing);
      if (found.length === 0) return onward(writing, 'similar');
      return show(deps, writing, found, { same: '', ...NOBODY });
    }),

    post: withWriting(deps, async (writing) => {
      const { visit } = writing;
      const form = await readForm(visit.c);
      const typed = { same: form.text('same'), ...tellByIn(form) };
      const found = await similarTo(writing);
      if (!found.some(({ reference }) => reference === typed.same))
        return show(deps, writing, found, typed, { same: 'missing' });
      const { language, office } = visit;
      const { tellBy, email, phone } = typed;
      const made = await deps.requests.follow(office, typed.same, {
        tellBy,
        email,
        phone,
        language,
      });
      if (made.ok)
        return visit.redirect(
          made.secret
            ? visit.to.follow(made.secret)
            : `${visit.to.request(visit.secret, 'similar')}?done=followed`,
        );
      if ('mistakes' in made) return show(deps, writing, found, typed, made.mistakes);
      return show(deps, writing, found, typed, { same: 'not_known' });
    }),
  };
}

function show(
  deps: CitizenDeps,
  writing: Writing,
  found: readonly SimilarRequest[],
  typed: TypedContact & { same: string },
  mistakes: WriteMistakes = {},
): Response {
  const { visit } = writing;
  const { t, to, secret } = visit;
  return stepPage(
    writing,
    'similar',
    {
      title: t('requests.similar.title', { count: found.length }),
      problems: problemsOf(t, mistakes),
    },
    <>
      {visit.c.req.query('done') === 'followed' ? (
        <div role="status">
          <Notice kind="good">
            <p>{t('requests.follow.look')}</p>
          </Notice>
        </div>
      ) : null}
      <p class="lead">{t('requests.similar.lead')}</p>
      <p>
        <ButtonLink href={to.request(secret, 'what')}>{t('requests.similar.another')}</ButtonLink>
      </p>
      <form class="form" action={to.request(secret, 'similar')} method="post" novalidate>
        <Radios
          name="same"
          label={t('requests.similar.same')}
          value={typed.same}
          error={mistakes['same'] && mistakeText(t, mistakes['same'])}
          options={found.map((each) => ({
            value: each.reference,
            label: <Told writing={writing} of={each} />,
            hint: t('requests.similar.followers', { count: each.followers }),
          }))}
        />
        <TellBy deps={deps} visit={visit} typed={typed} mistakes={mistakes} isFollowing />
        <Button kind="quiet">{t('requests.similar.follow')}</Button>
      </form>
    </>,
  );
}

/** When somebody told of it, how far away it is, and how it stands. Nobody's words. */
function Told({ writing, of }: { writing: Writing; of: SimilarRequest }) {
  const { t, dates, language } = writing.visit;
  const where =
    of.metres === null
      ? of.isSameAddress
        ? t('requests.similar.address')
        : t('requests.similar.area')
      : t('requests.similar.near', { metres: of.metres });
  return (
    <>
      {textIn(writing.type.name, language)}, {dates.day(of.sentAt)}. {where}.{' '}
      <RequestStateTag t={t} state={of.state} />
    </>
  );
}
