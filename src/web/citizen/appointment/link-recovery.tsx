import { waysToReach } from '../../../domain/office/reaching.ts';
import { readContact } from '../../../features/booking/link-recovery/rules.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, Say } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { ReachList } from '../reaching.tsx';
import { Problems } from '../shared.tsx';
import type { CitizenDeps, Visit } from '../visit.tsx';

/** Characters; longer than any address, so that a text that is too long is reported and returned. */
const MOST_KEPT = 400;

/**
 * `/{language}/lost-link`: sends the link again to the known address. The answer is the same for any
 * input, and immediate: it
 * doesn't reveal whether another person has an appointment.
 */
export function linkRecoveryPage(deps: CitizenDeps) {
  return {
    get: async (visit: Visit): Promise<Response> =>
      visit.c.req.query('sent') === '1' ? showSent(deps, visit) : showForm(deps, visit),

    post: async (visit: Visit): Promise<Response> => {
      const typed = (await readForm(visit.c)).text('contact').trim().slice(0, MOST_KEPT);
      const contact = readContact(typed, visit.town.country);
      if (!contact || ('phone' in contact && !deps.linkRecovery.bySms))
        return showForm(deps, visit, typed, 'unread');
      if ('phone' in contact && !deps.linkRecovery.isReached(contact.phone))
        return showForm(deps, visit, typed, 'no_sms');
      deps.linkRecovery.ask(contact);
      return visit.redirect(`${visit.to.linkRecovery}?sent=1`);
    },
  };
}

function showForm(
  { linkRecovery }: CitizenDeps,
  visit: Visit,
  typed = '',
  mistake?: 'unread' | 'no_sms',
): Response {
  const { t, to } = visit;
  const by = linkRecovery.bySms ? 'both' : 'email';
  const title = t('manage.lost.title');
  const isWrong = mistake !== undefined;
  const wrong = mistake === 'no_sms' ? mistake : by;
  const error = isWrong ? t(`manage.lost.error.${wrong}`) : undefined;
  return visit.show(
    { title, hasErrors: isWrong, status: isWrong ? 422 : 200 },
    <>
      <BackLink href={to.town}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={error ? [{ href: '#contact', text: error }] : []} />
      <h1>{title}</h1>
      <p class="lead">{t(`manage.lost.lead.${by}`)}</p>
      <form class="form" action={to.linkRecovery} method="post" novalidate>
        <TextInput
          name="contact"
          type={linkRecovery.bySms ? 'text' : 'email'}
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

async function showSent({ offices }: CitizenDeps, visit: Visit): Promise<Response> {
  const { t, to, town } = visit;
  const reachable = (await offices.list()).filter((office) => waysToReach(town, office).length > 0);
  const title = t('manage.lost.sent.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('manage.lost.sent.text')}</p>
      <p>{t('manage.lost.sent.nothing')}</p>
      <p>
        <a href={to.linkRecovery}>{t('manage.lost.sent.again')}</a>
      </p>
      {reachable.length > 0 ? (
        <section class="stack" aria-labelledby="call">
          <h2 id="call">{t('manage.lost.call')}</h2>
          {reachable.map((office) => (
            <div key={office.code} class="stack">
              <h3>
                <Say of={office.name} t={t} />
              </h3>
              <ReachList visit={{ ...visit, office }} />
            </div>
          ))}
        </section>
      ) : null}
    </>,
  );
}
