import type { Objectable } from '../../../features/booking/objecting/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import type { Handler } from '../../routes.ts';
import { problem } from '../problem.tsx';
import { Reach } from '../reaching.tsx';
import { type CitizenDeps, type OfficeVisit, visitOf, withOffice } from '../visit.tsx';

/**
 * `/{language}/notices/{token}/not-me`: the owner of the previous address reports an address change as
 * not their own. Opening it changes
 * nothing, since programs that scan mails open links. It shows nothing of the appointment but its reference.
 */
export function notMePage(deps: CitizenDeps): { get: Handler; post: Handler } {
  const { objecting } = deps;
  const answer =
    (find: (token: string) => Promise<Objectable | null>): Handler =>
    async (c) => {
      const visit = await visitOf(deps, c);
      const token = c.req.param('token') ?? '';
      const found = visit.isOffered ? await find(token) : null;
      if (!found) return problem(visit, 'not_found');
      return show(withOffice(deps, visit, await deps.offices.byId(found.office)), found, token);
    };
  return { get: answer(objecting.find), post: answer(objecting.object) };
}

const WORDS = {
  open: { title: 'proof.object.title', text: 'proof.object.text' },
  disputed: { title: 'proof.object.done.title', text: 'proof.object.done.text' },
  over: { title: 'proof.object.over.title', text: 'proof.object.over.text' },
} as const;

function show(visit: OfficeVisit, { state, reference }: Objectable, token: string): Response {
  const { t, office, to, language } = visit;
  const words = WORDS[state];
  const title = t(words.title);
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t(words.text, { reference, office: textIn(office.name, language) })}</p>
      {state === 'open' ? (
        <form action={to.notMe(token)} method="post">
          <Button>{t('proof.object.button')}</Button>
        </form>
      ) : null}
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}
