import { identified } from '../../../testing/identified.ts';
import type { TestTown } from '../../testing.ts';

export const ROSA = '12345678Z';
export const JORDI = '99999999R';
/** Somebody with the certificate of an organisation. */
export const COMPANY = '00000000T';
export const LIST = '/ca/folder/representations';

export type Client = Awaited<ReturnType<typeof identified>>;
const whichIn = (html: string) => /name="which" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** Jordi authorises Rosa, who chooses to act for him. `more`: what he ticks besides. */
export async function acting(
  town: TestTown,
  more: { opens?: string } = {},
): Promise<{ jordi: Client; rosa: Client; which: string }> {
  const jordi = await identified(town, JORDI);
  for (let each = whichIn((await jordi.get(LIST)).html); each; ) {
    await jordi.post(LIST, { do: 'end', which: each });
    const { html } = await jordi.get(LIST);
    each = html.includes('value="end"') ? whichIn(html) : '';
  }
  const given = {
    name: 'Rosa Soler',
    identifier: ROSA,
    until: '2027-11-20',
    scope: 'all',
    ...more,
  };
  await jordi.post(`${LIST}/give?office=oac`, given);
  const rosa = await identified(town, ROSA);
  const which = whichIn((await rosa.get(LIST)).html);
  await rosa.post(LIST, { do: 'act', which });
  return { jordi, rosa, which };
}
