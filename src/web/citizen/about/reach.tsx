import type { Office, Town } from '../../../domain/office/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Say } from '../../../ui/parts.tsx';
import { Phone } from '../shared.tsx';

/** The town's telephones and walk-in places: the alternative on every page that can't help. */
export function ReachUs(props: {
  t: Translate;
  town: Pick<Town, 'contact'>;
  offices: readonly Office[];
}) {
  const { t, town, offices } = props;
  const own = offices
    .map((office) => ({ name: office.name, number: office.settings.contact?.phone }))
    .filter((each) => each.number && each.number !== town.contact?.phone);
  const places = placesOf(offices, t);
  return (
    <>
      {town.contact?.phone || own.length > 0 ? (
        <>
          <h3>{t('reach.call')}</h3>
          <ul class="lists">
            {town.contact?.phone ? (
              <li>
                <Phone number={town.contact.phone} />
              </li>
            ) : null}
            {own.map(({ name, number = '' }) => (
              <li key={number}>
                <Say of={name} t={t} />: <Phone number={number} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {places.length > 0 ? (
        <>
          <h3>{t('reach.come')}</h3>
          <ul class="lists">
            {places.map((place) => (
              <li key={place.address}>
                <strong>{place.name ? <Say of={place.name} t={t} /> : place.address}</strong>
                {place.name ? <p>{place.address}</p> : null}
                <p>
                  <Say of={place.hours} t={t} />
                </p>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}

/** Returns each place once, even if several offices serve there. */
function placesOf(offices: readonly Office[], t: Translate) {
  const all = offices.flatMap((office) => office.settings.walkIn);
  const known = new Map(
    all.map((each) => [`${each.address} ${textIn(each.hours, t.language)}`, each]),
  );
  return [...known.values()];
}

/** The ways to reach a contact, one per line; null without any. */
export function Contact(props: {
  of: { email?: string; phone?: string; url?: string } | undefined;
}) {
  const { email, phone, url } = props.of ?? {};
  if (!email && !phone && !url) return null;
  return (
    <ul class="plain">
      {email ? (
        <li>
          <a href={`mailto:${email}`}>{email}</a>
        </li>
      ) : null}
      {phone ? (
        <li>
          <Phone number={phone} />
        </li>
      ) : null}
      {url ? (
        <li>
          <a href={url}>{withoutScheme(url)}</a>
        </li>
      ) : null}
    </ul>
  );
}

/** An address as people write it. */
export const withoutScheme = (url: string): string =>
  url.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');
