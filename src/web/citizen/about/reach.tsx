import { type ReachWay, waysToReach } from '../../../domain/office/reaching.ts';
import type { Office, Town } from '../../../domain/office/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Say } from '../../../ui/parts.tsx';
import { ReachList } from '../reaching.tsx';
import { Phone, withoutScheme } from '../shared.tsx';

/** The ways to reach the town and its offices, and the walk-in places: the alternative on every page that can't help. */
export function ReachUs(props: {
  t: Translate;
  town: Pick<Town, 'contact'>;
  offices: readonly Office[];
}) {
  const { t, town, offices } = props;
  const own = offices.filter((office) => waysToReach(null, office).some(isContact));
  const places = placesOf(offices, t);
  return (
    <>
      {waysToReach(town, null).length > 0 ? (
        <>
          <h3>{t('reach.call')}</h3>
          <ReachList visit={{ t, town, office: null }} />
        </>
      ) : null}
      {own.map((office) => (
        <div key={office.code} class="stack">
          <h3>
            <Say of={office.name} t={t} />
          </h3>
          <ReachList visit={{ t, town: {}, office }} without={['place']} />
        </div>
      ))}
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

const isContact = ({ kind }: ReachWay): boolean => kind !== 'place';

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
