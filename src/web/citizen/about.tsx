import { Say } from '../../ui/parts.tsx';
import { Paragraphs, Phone } from './shared.tsx';
import type { CitizenDeps, Visit } from './visit.tsx';

/** `/{language}/accessibility`: what works, what doesn't yet, and whom to tell. */
export function accessibilityPage() {
  return (visit: Visit): Response => {
    const { t } = visit;
    return visit.show(
      { title: t('citizen.accessibility.title') },
      <>
        <h1>{t('citizen.accessibility.title')}</h1>
        <Paragraphs text={t('citizen.accessibility.text')} />
        <h2>{t('citizen.accessibility.helpTitle')}</h2>
        <Paragraphs text={t('citizen.accessibility.help')} />
        <h2>{t('citizen.accessibility.missingTitle')}</h2>
        <Paragraphs text={t('citizen.accessibility.missing')} />
        <Tell visit={visit} text={t('citizen.accessibility.tell')} />
      </>,
    );
  };
}

/** `/{language}/privacy`: what is kept, why and for how long. */
export function privacyPage({ bodies }: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { t, town } = visit;
    const all = await bodies.list();
    return visit.show(
      { title: t('citizen.privacy.title') },
      <>
        <h1>{t('citizen.privacy.title')}</h1>
        <Paragraphs text={t('citizen.privacy.text', { town: town.name })} />
        <h2>{t('citizen.privacy.longTitle')}</h2>
        <p>{t('citizen.privacy.journey')}</p>
        {all.map(({ code, name, settings: { retention } }) => (
          <div key={code}>
            <h3>
              <Say of={name} t={t} />
            </h3>
            <p>
              {t('citizen.privacy.long', {
                contact: retention.contactDays,
                notes: retention.notesDays,
                evidence: retention.evidenceDays,
              })}
            </p>
          </div>
        ))}
        <h2>{t('citizen.privacy.rightsTitle')}</h2>
        <Paragraphs text={t('citizen.privacy.rights')} />
        <Tell visit={visit} text={t('citizen.privacy.tell')} />
      </>,
    );
  };
}

/** `/{language}/cookies`: none. */
export function cookiesPage() {
  return (visit: Visit): Response => {
    const { t } = visit;
    return visit.show(
      { title: t('citizen.cookies.title') },
      <>
        <h1>{t('citizen.cookies.title')}</h1>
        <Paragraphs text={t('citizen.cookies.text')} />
      </>,
    );
  };
}

/** How to reach the town hall. */
function Tell({ visit, text }: { visit: Visit; text: string }) {
  const contact = visit.town.contact;
  return (
    <>
      <p>{text}</p>
      {contact?.email || contact?.phone ? (
        <ul>
          {contact.email ? (
            <li>
              <a href={`mailto:${contact.email}`}>{contact.email}</a>
            </li>
          ) : null}
          {contact.phone ? (
            <li>
              <Phone number={contact.phone} />
            </li>
          ) : null}
        </ul>
      ) : null}
    </>
  );
}
