import type { Client } from '../client.ts';
import type { Every } from '../desk-states.ts';

const ADMIN = '/console/oac/admin';
const FORM = `${ADMIN}/procedures/cens-electoral`;

/** The fields of a form's page that a browser would send. */
function fieldsIn(html: string): Record<string, string> {
  const fields = [...html.matchAll(/<(?:input|textarea)[^>]* name="([^"]+)"[^>]*>([^<]*)/g)];
  const attribute = (tag: string) => /value="([^"]*)"/.exec(tag)?.[1];
  const decoded = (text: string) =>
    text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  return Object.fromEntries(
    fields.map(([tag, name = '', text = '']) => [name, decoded(attribute(tag) ?? text)]),
  );
}

/** The versions of a declaration, and texts that are older than their original. */
export async function keepingVersions(every: Every): Promise<void> {
  let isChanged = false;
  const change = async (client: Client) => {
    if (isChanged) return;
    isChanged = true;
    const fields = fieldsIn((await client.get(FORM)).html);
    const summary = `${fields['summary-ca']} I ara també per correu.`;
    await client.post(FORM, { ...fields, act: 'save', 'summary-ca': summary });
  };
  await every('admin: a text older than the original', async (client) => {
    await change(client);
    return client.get(FORM);
  });
  await every('admin: older texts', (client) => client.get(ADMIN));
  await every('admin: older texts by procedure', (client) => client.get(`${ADMIN}/procedures`));
  await every('admin: versions', (client) => client.get(`${ADMIN}/history`));
  const newest = async (client: Client) => {
    const { html } = await client.get(`${ADMIN}/history`);
    return Number(/admin\/history\/(\d+)"/.exec(html)?.[1]);
  };
  await every('admin: a version', async (client) =>
    client.get(`${ADMIN}/history/${await newest(client)}`),
  );
  await every('admin: a version beside the present one', async (client) =>
    client.get(`${ADMIN}/history/${(await newest(client)) - 1}/now`),
  );
  await every('admin: no draft', (client) => client.get(`${ADMIN}/draft`));
  const draft = async (client: Client) => {
    const fields = fieldsIn((await client.get(FORM)).html);
    const who = `${fields['who-ca']} I qui hi visqui.`;
    await client.post(FORM, { ...fields, act: 'save-draft', 'who-ca': who });
  };
  await every('admin: a draft', async (client) => {
    await draft(client);
    return client.get(`${ADMIN}/draft`);
  });
  await every('admin: a draft in its form', (client) => client.get(FORM));
  await every('admin: a draft as citizens will see it', (client) =>
    client.get(`${ADMIN}/draft/preview/cens-electoral?language=eu`),
  );
  await every('admin: a draft that has changed', (client) =>
    client.post(`${ADMIN}/draft`, { was: 'x' }),
  );
  await every('admin: a version that is no longer the newest', (client) =>
    client.post(`${ADMIN}/history/1/now`, { was: '0' }),
  );
}
