import type { ComponentChildren } from 'preact';
import type { Appointment } from '../../domain/appointment.ts';
import type { Bundle } from '../../domain/office/bundle.ts';
import { documentsFor } from '../../domain/office/requested.ts';
import type { Office, Procedure } from '../../domain/office/types.ts';
import { telephoneAddress } from '../../domain/phone.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import type { ProblemLink } from '../../ui/parts.tsx';
import { ErrorSummary, Say } from '../../ui/parts.tsx';

/** A telephone number of the town, as the town file writes it, to read and to call. It has no line breaks. */
export function Phone({ number }: { number: string }) {
  return (
    <a class="nowrap figures" href={telephoneAddress(number)}>
      {number.replaceAll(' ', '\u00a0')}
    </a>
  );
}

/** An address as people write it. */
export const withoutScheme = (url: string): string =>
  url.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');

/** Returns the properties of a form's page: personal, and with an error status when there are mistakes. */
export function formPage(title: string, problems: readonly ProblemLink[]) {
  const hasErrors = problems.length > 0;
  return { title, hasErrors, status: hasErrors ? 422 : 200, isPersonal: true } as const;
}

export function Problems(props: { t: Translate; problems: readonly ProblemLink[] }) {
  return <ErrorSummary title={props.t('citizen.error.title')} problems={props.problems} />;
}

/** A text of several paragraphs, separated by blank lines. */
export function Paragraphs({ text }: { text: string }) {
  return (
    <>
      {text.split(/\n\s*\n/).map((each) => (
        <p key={each}>{each.trim()}</p>
      ))}
    </>
  );
}

/** Walking in without an appointment. Always shown, since the law requires it. */
export function WalkIn({ t, office }: { t: Translate; office: Office }) {
  const places = office.settings.walkIn;
  return (
    <section class="stack" aria-labelledby="walk-in">
      <h2 id="walk-in">{t('citizen.walkIn.title')}</h2>
      <p>{t('citizen.walkIn.text')}</p>
      {places.length > 0 ? (
        <ul class="lists">
          {places.map((place) => (
            <li key={place.address}>
              <h3>
                <Linked url={place.url}>
                  {place.name ? <Say of={place.name} t={t} /> : place.address}
                </Linked>
              </h3>
              {place.name ? <p>{place.address}</p> : null}
              <p>
                <Say of={place.hours} t={t} />
              </p>
              <Reach phone={place.phone} />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

/** A link where the town file has an address, otherwise only the words. */
function Linked({ url, children }: { url?: string | undefined; children: ComponentChildren }) {
  return url ? <a href={url}>{children}</a> : children;
}

function Reach({ phone }: { phone?: string | undefined }) {
  if (!phone) return null;
  return (
    <p>
      <Phone number={phone} />
    </p>
  );
}

/** The other ways to be served: those of the procedure, then the office's. */
export function OtherWays(props: { t: Translate; office: Office; procedure?: Procedure }) {
  const { t, office, procedure } = props;
  const ways = [...(procedure?.otherWays ?? []), ...office.settings.otherWays];
  if (ways.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="other-ways">
      <h2 id="other-ways">{t('citizen.otherWays.title')}</h2>
      <ul class="lists">
        {ways.map((way, index) => (
          <li key={`${index}-${way.url ?? way.phone ?? ''}`}>
            <h3>
              <Linked url={way.url}>
                <Say of={way.name} t={t} />
              </Linked>
            </h3>
            {way.text ? (
              <p>
                <Say of={way.text} t={t} />
              </p>
            ) : null}
            <Reach phone={way.phone} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The other contact data of an office; nothing where the town file has none. */
export function Contact({ t, office }: { t: Translate; office: Office }) {
  const { phone, email, url } = office.settings.contact ?? {};
  if (!phone && !email && !url) return null;
  return (
    <section class="stack" aria-labelledby="contact">
      <h2 id="contact">{t('finding.contact')}</h2>
      <ul>
        {phone ? (
          <li>
            <Phone number={phone} />
          </li>
        ) : null}
        {email ? (
          <li>
            <a href={`mailto:${email}`}>{email}</a>
          </li>
        ) : null}
        {url ? (
          <li>
            <a href={url}>{new URL(url).hostname}</a>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

/** The documents that the procedures require, or those of them that a booking (`of`) asks for. */
export function Papers({ procedure, ...props }: { procedure: Bundle } & Papered) {
  const { t } = props;
  const { parts } = procedure;
  if (parts.length === 1) return <PapersOf {...props} procedure={procedure} />;
  return (
    <ul class="groups">
      {parts.map((each) => (
        <li key={each.code}>
          <strong>
            <Say of={each.name} t={t} />
          </strong>
          <PapersOf {...props} procedure={each} />
        </li>
      ))}
    </ul>
  );
}

interface Papered {
  t: Translate;
  of?: Pick<Appointment, 'onBehalfOf'>;
}

function PapersOf(props: { procedure: Procedure } & Papered) {
  const { t, procedure, of } = props;
  const documents = of ? documentsFor(procedure, of) : procedure.documents;
  if (documents.length === 0) return <p>{t('citizen.papers.none')}</p>;
  return (
    <ul>
      {documents.map((each) => (
        <li key={each.code}>
          <Say of={each.name} t={t} />
          {!of && each.onlyOnBehalf ? ` (${t('citizen.papers.onlyOnBehalf')})` : ''}
          {each.required ? '' : ` (${t('citizen.papers.optional')})`}
          {each.note ? (
            <p class="soft">
              <Say of={each.note} t={t} />
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
