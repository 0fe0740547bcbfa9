import type { Language } from '../../../src/lib/i18n/languages.ts';
import type { Client, See } from '../client.ts';

/** The pages with which everybody sees what people have told the town. Two of them come by Open311. */
export async function publicRequestStates(
  see: See,
  client: Client,
  language: Language,
): Promise<void> {
  const all = `/${language}/oac/requests/map`;
  await see('public requests: none', client.get(`${all}?standing=closed&type=senyal`));
  const access = JSON.parse((await client.get('/demo/access.json')).html);
  const sent = await client.post('/open311/v2/requests.json', {
    api_key: access.tokens.oac,
    jurisdiction_id: 'oac',
    service_code: 'fanal',
    lat: '41.545',
    long: '2.108',
    description: `Dark (${language})`,
    'attribute[que-passa][]': 'apagat',
  });
  const [{ service_request_id: reference }] = JSON.parse(sent.html);
  await see('public requests', client.get(all));
  await see('public request', client.get(`${all}/${reference}`));
  await see('public request: follow', client.get(`${all}/${reference}/follow`));
  await see('not found: public request', client.get(`${all}/XXX-XXX`));
}

export { tellingStates } from './telling-states.ts';
