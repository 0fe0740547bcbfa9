import type { Language } from '../../../src/lib/i18n/languages.ts';
import { handInToCosign } from '../../../src/web/testing/cosigned.ts';
import type { Client, See } from '../client.ts';
import type { Town } from '../town.ts';

/** What somebody reads and answers who must sign what another person handed in. `signer`: as whom the client is identified. */
export async function cosignStates(
  see: See,
  client: Client,
  { town, language, signer }: { town: Town; language: Language; signer: string },
): Promise<void> {
  const asked = (who: string, sign: 'session' | 'valid' = 'session') =>
    town.operate(async (context) => {
      const office = (await context.offices.find('oac'))!;
      const { secret, hash } = await handInToCosign(
        ...([context, office, 'consulta-activitat', who, sign] as const),
      );
      return { at: `/${language}/cosign/${secret}`, hash };
    });
  const other = await asked('00000001R');
  await see('signing too: somebody else', client.get(other.at));
  const { at, hash } = await asked(signer);
  await see('signing too', client.get(at));
  await see('signing too: another text', client.post(at, { act: 'sign', hash: '0' }));
  await client.post(at, { act: 'sign', hash });
  await see('signing too: signed', client.get(at));
  await see('receipt: of a signature', client.get(`${at}/receipt`));
  const { at: declined } = await asked(signer);
  await client.post(declined, { act: 'decline' });
  await see('signing too: declined', client.get(declined));
  const elsewhere = await asked(signer, 'valid');
  await see('signing too: choosing how', client.get(elsewhere.at));
  const answer = async (what: 'cancel' | 'sign') => {
    const sent = { hash: elsewhere.hash, way: 'valid' };
    const going = await client.post(elsewhere.at, sent);
    const [, state = ''] = /signature\/demo\?state=([^"&]+)/.exec(going.html) ?? [];
    return client.get(`/signature/return?state=${state}&answer=${what}`);
  };
  await see('signing too: left without signing', answer('cancel'));
  await see('signing too: signed elsewhere', answer('sign'));
}
