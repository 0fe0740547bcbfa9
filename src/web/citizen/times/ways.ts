import type { Appointment, Way } from '../../../domain/appointment.ts';
import { CHANNELS, isAtSite, isChannel, isSeen } from '../../../domain/channel.ts';
import { meets } from '../../../domain/needs.ts';
import { needOf } from '../../../domain/office/bundle.ts';
import { type Site, siteOf } from '../../../domain/office/site.ts';
import type { Office, Procedure } from '../../../domain/office/types.ts';
import { attends } from '../../../features/booking/slots/rules.ts';
import { type EncounterLanguage, isSigned, textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';

/** How a choice between ways is written in an address and in a form: the channel, and after a point the site. */
export const wayCode = ({ channel, site }: Way): string => (site ? `${channel}.${site}` : channel);

/** Reads a way's code, whatever the procedure has; null: it names no channel. */
export function readWay(code: string): Way | null {
  const [channel, site = null] = code.split('.');
  return isChannel(channel) ? { channel, site } : null;
}

/** The way that a code says among those there are. A channel alone is enough where it has one site. */
export function wayNamed(ways: readonly Way[], code: string | undefined): Way | undefined {
  const byChannel = ways.filter((each) => each.channel === code);
  return (
    ways.find((each) => wayCode(each) === code) ??
    (byChannel.length === 1 ? byChannel[0] : undefined)
  );
}

/** Returns the way that a code says among those there are; else that of an appointment or a journey. */
export function wayAsked(ways: readonly Way[], code: string | undefined, present: Way): Way {
  const { channel, site = null } = wayNamed(ways, code) ?? present;
  return { channel, site };
}

/**
 * The ways in which a procedure is served: its channels in our order, one that takes place at a site once for each site whose
 * desks serve the procedure; in a signed language only those in which hands are seen.
 */
export function waysOf(office: Office, procedure: Procedure, language?: EncounterLanguage): Way[] {
  const channels = CHANNELS.filter(
    (each) => procedure.channels[each] && (isSeen(each) || !language || !isSigned(language)),
  );
  return channels.flatMap((channel): Way[] =>
    isAtSite(channel)
      ? sitesOf(office, procedure, channel).map(({ code }) => ({ channel, site: code }))
      : [{ channel }],
  );
}

/** The ways in which an appointment's procedure is served and in which its needs are met. */
export const waysFor = (
  office: Office,
  procedure: Procedure,
  { language, needs }: Pick<Appointment, 'language' | 'needs'>,
): Way[] => waysOf(office, procedure, language).filter(({ channel }) => meets(channel, needs));

/** The sites whose desks serve a procedure by a channel, in the town file's order. */
const sitesOf = (office: Office, procedure: Procedure, channel: Way['channel']): Site[] =>
  office.settings.sites.filter(({ code }) =>
    office.rota.desks.some(
      (desk) =>
        desk.site === code && desk.channels.includes(channel) && attends(desk, needOf(procedure)),
    ),
  );

/** A text about a way, with the name of its site where it has one. */
export function withSite(t: Translate, office: Office, way: Way, text: string): string {
  const site = siteOf(office, way);
  return site ? `${text}: ${textIn(site.name, t.language)}` : text;
}

/** A way in words. */
export const formatWay = (t: Translate, office: Office, way: Way): string =>
  withSite(t, office, way, t(`common.channel.${way.channel}`));
