import { CHANNELS } from '../../../domain/channel.ts';
import { checkReference, checkRepeats, type Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';
import { nameOf } from '../reading/words.ts';

/** Checks a procedure, and that at least one desk can serve it. */
export function checkProcedure(
  procedure: Spot,
  office: Spot,
  languages: readonly string[],
  tell: Tellers,
): void {
  const channels = procedure.get('channels');
  if (channels.isGroup() && channels.entries().length === 0) {
    tell.mistake(
      channels.path,
      `${nameOf(procedure.path)} needs at least one channel, such as phone: 15.`,
      'key',
      { kind: 'no_channel' },
    );
  }
  checkReference(procedure.get('theme'), office.get('themes'), 'theme', tell);
  checkCombining(procedure, office, tell);
  const documents = new Set<string>();
  for (const document of procedure.get('documents').items()) {
    const code = document.get('code').text();
    if (code === undefined) continue;
    if (documents.has(code)) {
      const message = `The document "${code}" is requested twice.`;
      tell.mistake(document.get('code').path, message, 'value', { kind: 'twice' });
    }
    documents.add(code);
    const isOnBehalf = document.get('onlyOnBehalf');
    if (procedure.get('onBehalf').value === false && isOnBehalf.value === true) {
      const message = `The document "${code}" is never asked for: nobody may act for another person here (onBehalf: false).`;
      tell.warning(isOnBehalf.path, message, 'value', { kind: 'no_other' });
    }
  }
  for (const [language, list] of procedure.get('keywords').entries()) {
    if (languages.length > 0 && !languages.includes(language)) {
      tell.mistake(list.path, `The office does not offer the language "${language}".`, 'key');
    }
  }
  for (const channel of CHANNELS.filter((each) => channels.get(each).exists())) {
    warnUnattended(procedure, channel, office, languages, tell);
  }
}

/** Checks the procedures that one goes with: they exist, and none of them is itself. */
function checkCombining(procedure: Spot, office: Spot, tell: Tellers): void {
  const others = procedure.get('combining').get('with');
  checkRepeats(others, tell);
  for (const other of others.items()) {
    checkReference(other, office.get('procedures'), 'procedure', tell);
    if (other.text() === procedure.path.at(-1)) {
      const message = `"${other.text()}" is this procedure itself; name others that it may be booked with.`;
      tell.mistake(other.path, message, 'value', { kind: 'choose' });
    }
  }
}

function warnUnattended(
  procedure: Spot,
  channel: string,
  office: Spot,
  languages: readonly string[],
  { warning }: Tellers,
): void {
  const code = String(procedure.path.at(-1));
  const working = new Set(
    office
      .get('shifts')
      .items()
      .map((each) => each.get('desk').text()),
  );
  const able = office
    .get('desks')
    .entries()
    .filter(([desk, spot]) => {
      const skills = spot.get('skills');
      const skilled = skills.text() === 'all' || skills.strings().includes(code);
      return working.has(desk) && skilled && spot.get('channels').strings().includes(channel);
    });
  const spoken = new Set(able.flatMap(([, spot]) => spot.get('languages').strings()));
  const missing = languages.filter((each) => !spoken.has(each));
  if (missing.length === 0) return;
  warning(
    procedure.path,
    `Nobody with a shift can attend "${code}" by ${channel} in: ${missing.join(', ')}. No times will be offered.`,
    'key',
    { kind: 'nobody', values: { channel, languages: missing.join(', ') } },
  );
}
