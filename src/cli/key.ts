import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type Context, openContext } from '../context.ts';
import { relink } from '../features/foundation/openings/service.ts';
import { wrapAnew } from '../key-work.ts';
import { readRecipients, sealText } from '../lib/backup/age.ts';
import { fileProvider } from '../lib/keys/provider.ts';
import { isPurpose, PURPOSE_NAMES, PURPOSES, type Purpose } from '../lib/keys/purposes.ts';
import { rootKeysOf, rotateRoot } from '../root-key.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Lists the keys: each purpose, its versions, their age, and the root key that wraps them. */
export function keyStatus({ config }: Call): Promise<number> {
  return onKeys(config, async ({ rotating, opened }) => {
    const root = await opened.roots.current();
    print(`Root key: ${root.id}`);
    for (const each of await rotating.status()) {
      const made = each.madeAt.toString().slice(0, 16).replace('T', ' ');
      const state = each.endedAt ? 'ended' : each.isActive ? '' : 'in use within a minute';
      const other = each.root && each.root !== root.id ? `under ${each.root}` : '';
      print(
        `  ${each.purpose.padEnd(10)} ${String(each.version).padStart(3)}  ${made}  ${[state, other].filter(Boolean).join(', ')}`.trimEnd(),
      );
    }
    return 0;
  });
}

/** Replaces a key while the service runs. */
export function rotateKey({ config, words, options }: Call): Promise<number> {
  const [what = '', code] = words;
  return onKeys(config, async (context) => {
    if (what === 'installation') return rotateInstallation(context);
    if (what === 'office') return rotateOffice(context, code);
    return rotatePurpose(context, purposeOf(what), options.compromised === true);
  });
}

/** Ends the earlier versions of a key. */
export function retireKey({ config, words, options }: Call): Promise<number> {
  const purpose = purposeOf(words[0] ?? '');
  if (PURPOSES[purpose].lasting !== 'retired')
    throw new CommandError(
      `Earlier keys of ${purpose} end by themselves, or must stay. Only those of links and webhooks are retired.`,
    );
  if (options.yes !== true)
    throw new CommandError(
      `What was made by earlier keys of ${purpose} stops working: ${PURPOSES[purpose].of}. If that is what you want, add --yes.`,
    );
  return onKeys(config, async (context) => {
    const ended = await context.rotating.retire(purpose);
    print(
      ended.length > 0 ? `Ended: version ${ended.join(', ')}.` : 'There was no earlier version.',
    );
    await endLinks(context, purpose);
    return 0;
  });
}

/** Writes the root key into a file that only the recipient can read. */
export async function exportKey({ config, words, options }: Call): Promise<number> {
  const [path] = words;
  if (!path) throw new CommandError('Into which file? finestreta key export FILE --to RECIPIENT');
  const recipients = readRecipients(typeof options.to === 'string' ? options.to : '');
  if (recipients.length === 0)
    throw new CommandError(
      'To whom is it encrypted? --to RECIPIENT, of age (age1…): age-keygen makes one.',
    );
  const [key] = rootKeysOf(config)();
  if (!key)
    throw new CommandError(
      'There is no root key in DATA_DIR or the environment. One in a PKCS #11 token stays there: keep a copy by the means of its maker.',
    );
  const sealed = await sealText(recipients, `${key.toString('base64')}\n`);
  try {
    writeFileSync(path, sealed, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(
      code === 'EEXIST'
        ? `${path} is there already. Choose another name.`
        : `${path} can't be written (${code}).`,
    );
  }
  print(`${path} has the root key ${fileProvider(key).id}. Keep it apart from the backups.`);
  return 0;
}

async function rotateInstallation(context: Context): Promise<number> {
  const { id, wrapped } = await rotateRoot(context.config, context.opened.roots, context.rotating);
  print(`${wrapped} keys are wrapped by the root key ${id} now.`);
  if (!context.config.pkcs11)
    print('Keep it apart from the backups: finestreta key export FILE --to RECIPIENT.');
  return 0;
}

async function rotateOffice({ offices, rewrapping }: Context, code?: string): Promise<number> {
  const office = code ? await offices.find(code) : null;
  if (!office) {
    const codes = (await offices.list()).map((each) => each.code).join(', ');
    throw new CommandError(`Which office? finestreta key rotate office CODE. There are: ${codes}`);
  }
  await rewrapping.renewOfficeKey(office.id);
  const wrapped = await rewrapping.rewrapShelves(office.id);
  print(
    `${office.code} has another key; the keys of ${wrapped} spaces of appointments are under it.`,
  );
  return 0;
}

async function rotatePurpose(
  context: Context,
  purpose: Purpose,
  isCompromised: boolean,
): Promise<number> {
  const result = await context.rotating.rotate(purpose, { isCompromised });
  if (!result.ok) throw new CommandError(WHY_NOT[result.reason]);
  const { version, ended, activeAfter } = result;
  print(
    `${purpose} has version ${version}, which every process uses ${activeAfter > 0 ? `in ${activeAfter} seconds` : 'now'}.`,
  );
  if (ended.length > 0) print(`Ended: version ${ended.join(', ')}.`);
  if (isCompromised) await endLinks(context, purpose);
  if (PURPOSES[purpose].lasting !== 'wrapped') return 0;
  print('Wrapping anew. It may be interrupted: the worker goes on with it.');
  while (context.keys[purpose].version !== version) {
    await wait(1_000);
    await context.opened.refresh();
  }
  const { officeKeys, staffSecrets } = await wrapAnew(context);
  print(`Wrapped: ${officeKeys} keys of offices, ${staffSecrets} secrets of staff.`);
  if (isCompromised && !(await context.rewrapping.hasOlder())) {
    const gone = await context.rotating.endUnused(purpose, { isAtOnce: true });
    if (gone.length > 0) print(`Ended: version ${gone.join(', ')}.`);
  }
  return 0;
}

const WHY_NOT = {
  pending: 'The newest version is not in use yet: wait a minute and look at finestreta key status.',
  too_soon:
    'The last rotation was less than an hour ago, and what the version before it made may be on its way. With --compromised that ends at once.',
};

/** Replaces the links of ended versions, which no longer work. */
async function endLinks(
  {
    database,
    keys,
    appointments,
    waitList,
    companions,
    cases,
    cosigning,
    chats,
    requests,
  }: Context,
  purpose: Purpose,
): Promise<void> {
  if (purpose === 'webhooks')
    print('Webhooks whose key has ended sign by another secret now: hand it to their receivers.');
  if (purpose !== 'links') return;
  const changed = await relink(database.kysely, keys.links, {
    appointment: appointments.secretOf,
    wait_list: ({ id, link }) => waitList.secretOf({ id, appointment: { link } }),
    companion: ({ id }) => companions.secretOf(id),
    case: cases.secretOf,
    cosigner: ({ id }) => cosigning.secretOf(id),
    chat: ({ id }) => chats.secretOf(id),
    request: requests.secretOf,
    follower: ({ id }) => requests.followerSecretOf(id),
  });
  print(
    `${changed} appointments, entries, companions, cases and requests have another link. The next notice carries it; citizens can ask for it with "I lost my link".`,
  );
}

function purposeOf(text: string): Purpose {
  if (isPurpose(text)) return text;
  throw new CommandError(
    `Which key? installation, office CODE, or one of:\n${PURPOSE_NAMES.map((each) => `  ${each.padEnd(10)} ${PURPOSES[each].of}`).join('\n')}`,
  );
}

async function onKeys(
  config: Call['config'],
  work: (context: Context) => Promise<number>,
): Promise<number> {
  const context = await openContext(config, { join: true });
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}
