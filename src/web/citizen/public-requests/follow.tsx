import type { WriteMistakes } from '../../../features/service/requests/service.ts';
import { Button } from '../../../ui/buttons.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { problem } from '../problem.tsx';
import { TellBy, type TypedContact, tellByIn } from '../requests/contact-fields.tsx';
import { problemsOf } from '../requests/steps/frame.tsx';
import { formPage, Problems } from '../shared.tsx';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';
import { publicUrls } from './urls.ts';

/** `…/requests/map/{reference}/follow`: for whoever has seen it too, and wants to hear how it goes on. */
export function publicFollowPage(deps: CitizenDeps) {
  const show = async (
    visit: OfficeVisit,
    typed: TypedContact,
    mistakes: WriteMistakes = {},
  ): Promise<Response> => {
    const { c, t, office, language } = visit;
    const found = await deps.requests.publicRequest(office, c.req.param('reference') ?? '');
    if (!found?.isOpen) return problem(visit, 'not_found');
    const at = publicUrls(language, office.code).one(found.reference);
    const problems = problemsOf(t, mistakes);
    const title = t('requests.public.follow');
    return visit.show(
      formPage(title, problems),
      <>
        <BackLink href={at}>{found.reference}</BackLink>
        <Problems t={t} problems={problems} />
        <h1>{title}</h1>
        <p class="lead">{t('requests.public.follow.lead')}</p>
        <form class="form" action={`${at}/follow`} method="post" novalidate>
          <TellBy deps={deps} visit={visit} typed={typed} mistakes={mistakes} isFollowing />
          <Button>{t('requests.public.follow.do')}</Button>
        </form>
      </>,
    );
  };
  return {
    get: (visit: OfficeVisit) => show(visit, { tellBy: 'page', name: '', email: '', phone: '' }),

    post: async (visit: OfficeVisit): Promise<Response> => {
      const { c, office, language, to } = visit;
      const reference = c.req.param('reference') ?? '';
      const typed = tellByIn(await readForm(c));
      const { tellBy, email, phone } = typed;
      // Only what everybody sees is followed from here.
      if (!(await deps.requests.publicRequest(office, reference))?.isOpen)
        return problem(visit, 'not_found');
      const made = await deps.requests.follow(office, reference, {
        tellBy,
        email,
        phone,
        language,
      });
      if (made.ok)
        return visit.redirect(
          made.secret
            ? to.follow(made.secret)
            : `${publicUrls(language, office.code).one(reference)}?done=followed`,
        );
      return 'mistakes' in made ? show(visit, typed, made.mistakes) : problem(visit, 'not_found');
    },
  };
}
