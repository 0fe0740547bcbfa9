import { type Context, Hono } from 'hono';
import { lookOf } from '../../domain/office/look.ts';
import type { TownLook } from '../../domain/office/schema.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { Picture } from '../../formats/town-file/look/logo.ts';
import { isFile, pictureOf } from '../../formats/town-file/look/logo.ts';
import { get, mount, open, type Route } from '../routes.ts';

type Logo = NonNullable<TownLook['logo']>;

/** A look is immutable within its office's revision, and so are its pictures. */
const read = new WeakMap<Logo, Picture | null>();

function pictureIn(logo: Logo): Picture | null {
  const known = read.get(logo);
  if (known !== undefined) return known;
  const picture = isFile(logo.url) ? pictureOf(logo.url) : null;
  read.set(logo, picture);
  return picture;
}

/** Returns the address of a logo: here, for a file stored with the look, otherwise its own. */
export function logoAddress(logo: Logo): string {
  const picture = pictureIn(logo);
  return picture ? `/logo/${picture.name}` : logo.url;
}

/**
 * `/logo/{name}`: a picture on the pages of an office or the town; a closed office's is still on the
 * pages of its documents. Pages show it with `img`, where an SVG runs nothing
 * and fetches nothing. Opened directly it is a download, and in browsers that show it nevertheless, a
 * page without any rights.
 */
function logoRoutes({ offices }: { offices: Offices }): Route[] {
  const handle = async (c: Context): Promise<Response> => {
    const name = c.req.param('name');
    const named = (looks: readonly TownLook[]) =>
      looks.map(({ logo }) => logo && pictureIn(logo)).find((each) => each?.name === name);
    const open = [lookOf(await offices.town()), ...(await offices.list()).map(lookIn)];
    const picture = named(open) ?? named(await offices.closedLooks());
    if (!picture) return c.notFound() as Response;
    // Each picture has a different name.
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    c.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    c.header('Content-Disposition', `attachment; filename="${picture.name}"`);
    return c.body(new Uint8Array(picture.bytes), 200, { 'Content-Type': picture.type });
  };
  return [get('/logo/:name{[0-9a-f]{20}\\.[a-z]+}', 'open', handle)];
}

const lookIn = (office: { settings: { look: TownLook } }): TownLook => office.settings.look;

export function logoFiles(deps: { offices: Offices }): Hono {
  const app = new Hono();
  mount(app, logoRoutes(deps), { of: { open } });
  return app;
}
