import { LANGUAGES, type Language } from '../../src/lib/i18n/languages.ts';
import { openClient, type See } from './client.ts';
import type { Town } from './town.ts';

/** One mail of each kind in each language, as it is written, and the demo's page that shows a message of each sort. */
export async function mailStates(seeIn: (language: Language) => See, town: Town): Promise<void> {
  const client = openClient(town.origin, 'ca');
  const mails = await town.server.outbox();
  const kinds = new Map(mails.map((each) => [each.subject.replaceAll(/\d+/g, 'n'), each]));
  const shown = new Set<string>();
  for (const [index, { id, channel, attachments }] of [...kinds.values()].entries()) {
    const sort = `demo mail: ${channel}, ${attachments.length} files`;
    if (!shown.has(sort)) await seeIn('ca')(sort, client.get(`/demo/mail/${id}`));
    shown.add(sort);
    if (channel !== 'email') continue;
    const mail = await client.get(`/demo/mail/${id}/html`);
    const language = LANGUAGES.find((each) => mail.html.includes(`lang="${each}"`)) ?? 'ca';
    await seeIn(language)(`mail ${index}`, mail);
  }
}

/** Where somebody who was asked how it went says that they want no more surveys. */
export async function stopPath(town: Town): Promise<string> {
  const mails = await town.server.outbox();
  const [path] = mails
    .flatMap((each) => /\/[a-z]{2}\/notices\/\S+/.exec(each.text)?.[0] ?? [])
    .filter((each) => !each.endsWith('/not-me'));
  if (!path) throw new Error('No mail that can be stopped');
  return path;
}
