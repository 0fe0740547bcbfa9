import { readContact } from '../../../features/booking/link-recovery/rules.ts';
import { settingsOf } from '../../../features/service/requests/service.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { problem } from '../problem.tsx';
import { Reach } from '../reaching.tsx';
import { Problems } from '../shared.tsx';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';

/** Characters; longer than any address. */
const MOST_KEPT = 400;

/**
 * `/{language}/{office}/requests/lost`: sends the links of somebody's requests again to the address on file. The answer is the same for any input, and
 * immediate: it doesn't reveal whether somebody has sent one.
 */
export function lostRequestPage(deps: CitizenDeps) {
  return {
    get: (visit: OfficeVisit): Response => {
      if (!settingsOf(visit.office)) return problem(visit, 'not_found');
      return visit.c.req.query('sent') === '1' ? showSent(visit) : show(deps, visit);
    },

    post: async (visit: OfficeVisit): Promise<Response> => {
      const { office, to } = visit;
      const typed = (await readForm(visit.c)).text('contact').trim().slice(0, MOST_KEPT);
      const contact = readContact(typed, office.settings.country);
      const isReached =
        contact && (!('phone' in contact) || deps.linkRecovery.isReached(contact.phone));
      if (!contact || !isReached) return show(deps, visit, typed, true);
      deps.requests.askLinks(office, contact);
      return visit.redirect(`${to.requests(office.code)}/lost?sent=1`);
    },
  };
}

function show(deps: CitizenDeps, visit: OfficeVisit, typed = '', isWrong = false): Response {
  const { t, to, office } = visit;
  const by = deps.linkRecovery.bySms ? 'both' : 'email';
  const title = t('requests.lost.title');
  const error = isWrong ? t(`manage.lost.error.${by}`) : undefined;
  return visit.show(
    { title, hasErrors: isWrong, status: isWrong ? 422 : 200, isPersonal: true },
    <>
      <BackLink href={to.requests(office.code)}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={error ? [{ href: '#contact', text: error }] : []} />
      <h1>{title}</h1>
      <p class="lead">{t('requests.lost.lead')}</p>
      <form class="form" action={`${to.requests(office.code)}/lost`} method="post" novalidate>
        <TextInput
          name="contact"
          type={by === 'both' ? 'text' : 'email'}
          label={t(`manage.lost.label.${by}`)}
          value={typed}
          error={error}
          autocomplete="email"
          spellcheck={false}
        />
        <Button>{t('manage.lost.button')}</Button>
      </form>
    </>,
  );
}

function showSent(visit: OfficeVisit): Response {
  const { t, to, office } = visit;
  const title = t('manage.lost.sent.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('requests.lost.sent')}</p>
      <p>
        <a href={`${to.requests(office.code)}/lost`}>{t('manage.lost.sent.again')}</a>
      </p>
      <Reach visit={visit} lead={t('requests.lost.page')} />
    </>,
  );
}
