import { z } from 'zod';
import { line, matching, phoneNumber, texts, url } from './fields.ts';

/** A place with desks, for people with an appointment. */
export const site = z
  .strictObject({
    name: texts(120, 'the name of the place'),
    address: line(300, 'street, number and town'),
    directions: texts(
      600,
      'how to get there, and where to present oneself once inside',
    ).exactOptional(),
    location: matching(
      /^-?\d{1,2}(\.\d{1,7})?, ?-?\d{1,3}(\.\d{1,7})?$/,
      'latitude and longitude in degrees, in quotes, such as "41.3851, 2.1734"',
    ).exactOptional(),
  })
  .describe('a place with desks, where people are served in person at the hour of an appointment');

/** A place for people without an appointment. */
export const walkIn = z
  .strictObject({
    name: texts(200, 'the name of the place').exactOptional(),
    address: line(300, 'street, number and town'),
    hours: texts(300, 'when it is open'),
    phone: phoneNumber.exactOptional(),
    url: url.exactOptional(),
  })
  .describe('a place where people are attended in person; an appointment may not be compulsory');

export type TownSite = z.output<typeof site>;

/** A site with its code, in the file's order. */
export interface Site extends TownSite {
  code: string;
}

/** Returns the site of an appointment or a way; null: it has none, or the office no longer has that site. */
export const siteOf = (
  { settings }: { settings: { sites: readonly Site[] } },
  { site }: { site?: string | null | undefined },
): Site | null => settings.sites.find((each) => each.code === site) ?? null;

/** Returns the position of a site, in degrees; null when the town file has none. */
export function locationOf({
  location,
}: Pick<Site, 'location'>): { lat: number; lon: number } | null {
  const [lat, lon] = (location ?? '').split(',').map(Number);
  return location === undefined || lat === undefined || lon === undefined ? null : { lat, lon };
}
