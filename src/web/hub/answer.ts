import { namesOf } from '../../domain/office/bundle.ts';
import { siteOf } from '../../domain/office/site.ts';
import type { Town } from '../../domain/office/types.ts';
import type { Held } from '../../features/service/hub-folder/types.ts';
import { textIn } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { urls } from '../citizen/urls.ts';

/**
 * An answer in the form of the hub. `codiResultat` is part of the body: an answer that was given, also an empty one, has the HTTP status
 * 200, so that a missing address can't be taken for a person without appointments.
 */
export interface HubAnswer {
  codiResultat: string;
  descripcioResultat: string;
  citesprevies?: Record<string, string>[];
}

/** How the town is known at the hub. */
export interface Issuer {
  ine10: string;
  dir3: string | null;
  baseUrl: string;
}

/** Returns how a town is known at the hub; null: the town file names none. */
export const issuerOf = (town: Town, baseUrl: string): Issuer | null =>
  town.folder
    ? { ine10: town.folder.ine10, dir3: town.folder.dir3 ?? town.dir3 ?? null, baseUrl }
    : null;

/** The answer about somebody of whom there is nothing, the same whoever it is. */
export const NOTHING: HubAnswer = {
  codiResultat: '404',
  descripcioResultat: "No s'ha trobat cap informació",
};

/** Returns the answer with these appointments. */
export const answerWith = (held: readonly Held[], issuer: Issuer): HubAnswer =>
  held.length === 0
    ? NOTHING
    : {
        codiResultat: '200',
        descripcioResultat: 'OK',
        citesprevies: held.map((each) => appointmentOf(each, issuer)),
      };

/** Returns an appointment with the fields of the hub. Those without a value are left out, as the hub wants. */
export function appointmentOf(held: Held, issuer: Issuer): Record<string, string> {
  const { office, language } = held;
  const t = translateTo(language);
  const to = urls(language);
  const names = namesOf(office, held, language).join(' + ');
  const site = siteOf(office, held);
  const local = (at: Temporal.Instant) =>
    at.toZonedDateTimeISO(office.timeZone).toPlainDateTime().toString({ smallestUnit: 'second' });
  // The folder asks who it is: an address that opens the appointment by itself would be a key in other hands (docs/adr/0085).
  const page = `${issuer.baseUrl}${to.folder()}`;
  const way = site ? textIn(site.name, language) : t(`common.channel.${held.channel}`);
  return filled({
    idCita: held.reference,
    assumpteCita: held.displacedAt ? t('hub.displaced', { what: names }) : names,
    codiINE10: issuer.ine10,
    codiDIR3Organisme: issuer.dir3,
    dataActuacio: local(held.createdAt),
    dataCita: local(held.start),
    urlCita: page,
    actuacioCiutada: held.displacedAt && held.status === 'booked' ? 'SI' : null,
    procediment: names,
    urlEdicio: held.isToCome ? page : null,
    urlCancellacio: held.isToCome ? page : null,
    puntAtencio: `${textIn(office.name, language)}, ${way}`,
    adrecaAtencio: site?.address,
    telefonAtencio: office.settings.contact?.phone,
    coordenadesGPS: site?.location,
    contacteAtencio: office.settings.contact?.email,
  });
}

const filled = (fields: Record<string, string | null | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).filter((each): each is [string, string] => Boolean(each[1])),
  );
