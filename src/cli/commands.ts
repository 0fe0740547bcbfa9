import type { ParseArgsOptionsConfig } from 'node:util';
import type { Config } from '../config.ts';
import { openContext } from '../context.ts';
import { SCOPES } from '../domain/scopes.ts';
import { MOST_DAYS, USUAL_DAYS } from '../features/foundation/tokens/rules.ts';
import { serve, serveShut } from '../serve.ts';
import type { TownConfig } from '../towns.ts';
import { checkAudit } from './audit.ts';
import { backUp, backUpTowns } from './backup.ts';
import { bounce } from './bounce.ts';
import { upgradeDatabase } from './database/upgrade.ts';
import { doctor } from './doctor.ts';
import { restoreDrill } from './drill.ts';
import { checkForms, compareForms, previewForm } from './form.ts';
import { health } from './health.ts';
import { exportKey, keyStatus, retireKey, rotateKey } from './key.ts';
import { importAppointments } from './office/import.ts';
import { importResidents, removeResidents, residentsStatus } from './residents.ts';
import { restore } from './restore.ts';
import { addStaff, inviteStaff } from './staff.ts';
import { createToken, listTokens, revokeToken } from './token.ts';
import { applyFile, checkFile, exportFile, formatAddress } from './town.ts';
import { sendTrial } from './trial.ts';

export interface Call {
  /** The configuration of the command's town. @throws ConfigError */
  config: Config;
  options: Record<string, string | boolean | string[] | undefined>;
  words: string[];
}

export interface Everywhere {
  /** All towns in the environment, or the requested one. @throws ConfigError */
  towns: readonly TownConfig[];
}

export interface Command {
  usage: string;
  /** The help text; its first line is shown in the list of commands. */
  help: string;
  options?: ParseArgsOptionsConfig;
  /** Runs the command and returns the exit code. @throws CommandError with the message for the operator */
  run(call: Call & Everywhere): Promise<number>;
}

/** The commands by their words. */
export const COMMANDS: Record<string, Command> = {
  serve: {
    usage: 'serve [--lan]',
    help:
      'Serves the pages, the console and the API, and sends notices (see ROLES).\n' +
      "--lan: a demo also serves its citizens’ pages to the own network, by https, so that a telephone can be the citizen's\n" +
      '(docs/demo.md). LAN names the address, LAN_PORT the port.',
    options: { lan: { type: 'boolean' } },
    run: ({ towns }) => serve(towns),
  },
  worker: {
    usage: 'worker',
    help: 'Sends notices and tidies up, without serving anything: serve with ROLES=worker.',
    run: ({ towns }) =>
      serve(
        towns.map(({ name, config }) => ({
          name,
          config: { ...config, roles: new Set(['worker']) },
        })),
      ),
  },
  shut: {
    usage: 'shut',
    help:
      'Answers everything with a page that says that the town is shut for maintenance, and touches no database.\n' +
      'For the time of an upgrade that the old version can’t serve through: in the place of serve, until the database is up\n' +
      'to date. CLOSED_UNTIL says until when.',
    run: ({ towns }) => serveShut(towns),
  },
  migrate: {
    usage: 'migrate',
    help:
      'Brings the database up to date. The server does it too when it starts.\n' +
      'While others serve it waits for no table for more than a second, and holds none for more than five. A database of a\n' +
      'newer version stays as it is. It fails when an old version still serves that would not work with the result.',
    run: async ({ towns }) => {
      for (const { name, config } of towns) {
        await (await openContext(config, { join: true })).close();
        process.stdout.write(`${name ? `${name}: the` : 'The'} database is up to date.\n`);
      }
      return 0;
    },
  },
  'database upgrade': {
    usage: 'database upgrade [--programs FOLDER]',
    help:
      'Brings the embedded database to the version of PostgreSQL that this Finestreta has, and keeps the old one.\n' +
      'Stop the server first. Everything is copied into a new database beside the old one, and every byte of each table is\n' +
      'compared before it takes the place; it needs room for both. It may be interrupted at any point: the old one is then as\n' +
      'it was. --programs: where the earlier version’s programs are (the folder that has bin/postgres), where this Finestreta\n' +
      'doesn’t bring them.',
    options: { programs: { type: 'string' } },
    run: upgradeDatabase,
  },
  'audit check': {
    usage: 'audit check [--since OFFICE:NUMBER:VALUE]… [--seals FILE]…',
    help:
      'Checks the audit trail of each office against its seals, and what citizens consented to against the trail.\n' +
      'Finds what somebody with access to the database changed or took away under a seal, and prints the last seal of each\n' +
      'office. --since: a seal that was kept elsewhere, which the trail must still have; without it, nobody can tell that the\n' +
      'newest seals and their entries were deleted. --seals: every seal in a file of the server’s log, or of what this command\n' +
      'printed earlier (-: the standard input). Both may be repeated. Exit codes: 0 all is as it was written, 1 something\n' +
      'is not, 2 the command was called wrongly.',
    options: {
      since: { type: 'string', multiple: true },
      seals: { type: 'string', multiple: true },
    },
    run: checkAudit,
  },
  bounce: {
    usage: 'bounce < MAIL',
    help:
      'Reads a report of an undelivered mail, so that the agent sees that it came back.\n' +
      'For a mail server that can pipe the mails to MAIL_BOUNCES into a command. Anything else is let through: exit code 0.',
    run: bounce,
  },
  'town check': {
    usage: 'town check FILE',
    help: 'Says every mistake in a town file and in the forms of its folder, with its line. Changes nothing.',
    run: ({ words }) => checkFile(words),
  },
  'town apply': {
    usage: 'town apply FILE [--yes] [--rota]',
    help:
      'Makes the installation what the file says, and publishes the forms of its folder that changed.\n' +
      'Shows what will change and asks first (--yes: does not ask). Applied again it changes nothing. A change that\n' +
      'would leave appointments without anybody to attend them is refused, with their list.\n' +
      'Desks whose rota was changed in the console keep it, and it says so; --rota: the file decides about them again.',
    options: { yes: { type: 'boolean' }, rota: { type: 'boolean' } },
    run: applyFile,
  },
  'town export': {
    usage: 'town export [FILE] [--yes]',
    help:
      'Writes the installation as a town file, with what was changed in the console.\n' +
      'To the FILE, which must not be there yet (--yes: writes over it), or else to the screen. Applied again it changes\n' +
      'nothing. Without passwords and appointments; what is retired is left out. With a FILE, the forms that are offered\n' +
      'are written into the folder that it names (forms).',
    options: { yes: { type: 'boolean' } },
    run: exportFile,
  },
  'town address': {
    usage: 'town address [--yes]',
    help:
      'Says of which town the database is, by the name in its address.\n' +
      'The server notes the name in BASE_URL when it first serves a town, and from then on refuses every other, so that two\n' +
      'towns never share a database. Where the town has another name now, --yes has it be that of BASE_URL.',
    options: { yes: { type: 'boolean' } },
    run: formatAddress,
  },
  'form check': {
    usage: 'form check FILE… [--languages LANGUAGE,LANGUAGE]',
    help:
      'Says every mistake in the file of a form, with its line. Changes nothing.\n' +
      'Conditions and fees are analysed: names, order, types, and what can never be asked. --languages: the languages that its\n' +
      'texts must have; without it, those that it has anywhere. The exit code is 1 when something is wrong; a missing text is\n' +
      'a warning.',
    options: { languages: { type: 'string' } },
    run: checkForms,
  },
  'form preview': {
    usage: 'form preview FILE [PAGE] [--language LANGUAGE] [--yes]',
    help:
      'Writes a page that shows a form to people who read no code: its questions, its conditions in words, what happens then.\n' +
      'It is HTML without scripts, for a browser, a mail or a printer. To PAGE, which must not be there yet (--yes: writes over\n' +
      'it), or else to the screen. --language: ca, es, en or eu; without it, the first in which the form is written.',
    options: { language: { type: 'string' }, yes: { type: 'boolean' } },
    run: previewForm,
  },
  'form diff': {
    usage: 'form diff BEFORE AFTER [--language LANGUAGE]',
    help:
      'Says what differs between two files of a form: questions, limits, conditions in words, texts by language.\n' +
      'A line begins with + for what is new, - for what is gone, ~ for what changed.',
    options: { language: { type: 'string' } },
    run: compareForms,
  },
  'import appointments': {
    usage:
      'import appointments FILE --office CODE [--mapping FILE] [--source NAME] [--report FILE] [--language LANGUAGE] [--whole] [--cancel] [--told] [--confirmation] [--dry-run | --confirm CODE [--cancelling NUMBER]]',
    help:
      'Brings the open appointments of another tool from a file: CSV, a calendar (.ics), or JSON as VTramit answers it.\n' +
      'Says what would come of each line and changes nothing; --confirm with the code that it prints does exactly that. Run it\n' +
      'again with a later export: nothing is booked twice. --mapping: whose columns and procedures mean what (docs/importing.md).\n' +
      '--source: what the other tool is called, where no mapping says it; the same in each run. --report: every line, as CSV, or\n' +
      'as text where the name ends in .txt. --language: of the report. --cancel: cancels what was cancelled there, and with\n' +
      '--whole (the file has all of these days and procedures) also what is not in it; whoever is cancelled gets a notice, unless\n' +
      'the other tool told them: --told. --cancelling: how many those are, where they are more than a tenth. --confirmation: sends\n' +
      'the new link to those who are booked; they are not told otherwise. It works beside a running server. Delete the file\n' +
      'afterwards.',
    options: {
      office: { type: 'string' },
      mapping: { type: 'string' },
      report: { type: 'string' },
      language: { type: 'string' },
      source: { type: 'string' },
      whole: { type: 'boolean' },
      cancel: { type: 'boolean' },
      told: { type: 'boolean' },
      cancelling: { type: 'string' },
      confirmation: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      confirm: { type: 'string' },
    },
    run: importAppointments,
  },
  'residents import': {
    usage: 'residents import FILE --as-of DAY [--identity FILE] [--yes]',
    help:
      'Puts the residents in a file of the register of inhabitants in the place of those that are here.\n' +
      'CSV with the columns of docs/residents.md; it may be encrypted by age, and --identity opens it. All of it is imported or\n' +
      'nothing: mistakes are said with their lines. --as-of: the day on which the register was as the file has it. --yes: also\n' +
      'when it is older than the list that is here, or a tenth shorter. Delete the file afterwards.',
    options: {
      'as-of': { type: 'string' },
      identity: { type: 'string' },
      yes: { type: 'boolean' },
    },
    run: importResidents,
  },
  'residents status': {
    usage: 'residents status',
    help: 'Says of which day the list of residents is, how many people are in it, and until when it is used.',
    run: residentsStatus,
  },
  'residents remove': {
    usage: 'residents remove --yes',
    help: 'Deletes the list of residents with its key.',
    options: { yes: { type: 'boolean' } },
    run: removeResidents,
  },
  'staff add': {
    usage: 'staff add EMAIL --name NAME [--office CODE --role ROLE [--desk CODE]] [--operator]',
    help:
      'Invites somebody who will work here, and prints the link with which they set themselves up; the server mails it too.\n' +
      'Roles: agent (with --desk CODE, the desk that they attend from), coordinator, administrator.\n' +
      'An operator may have no role in any office. Somebody who works here already has this role alone from then on, and sets\n' +
      'themselves up anew: whoever has several roles stands in the town file, or is given them in the console.',
    options: {
      name: { type: 'string' },
      office: { type: 'string' },
      role: { type: 'string' },
      desk: { type: 'string' },
      operator: { type: 'boolean' },
    },
    run: addStaff,
  },
  'staff invite': {
    usage: 'staff invite EMAIL',
    help:
      'Invites again somebody who is known: prints a new link, and the server mails it.\n' +
      'For a link that has expired, or somebody who has lost both their password and their telephone. Earlier links die; until\n' +
      'they have set themselves up anew, what they sign in with stays.',
    run: inviteStaff,
  },
  'token create': {
    usage:
      'token create --office CODE --name NAME --scopes SCOPE,SCOPE [--expires DAY] [--from NETWORK,NETWORK]',
    help:
      'Makes an API token for one office and prints it.\n' +
      'It is shown this once: only its hash is kept. The name is for you, to know it by.\n' +
      `Scopes say what it may do: ${SCOPES.join(', ')}. Give only those that the other system needs.\n` +
      `--expires is its last day, such as 2027-06-30: at most ${MOST_DAYS} days from now, ${USUAL_DAYS} when it is left out.\n` +
      '--from lists the IP addresses and networks (CIDR) that it may be used from; when it is left out, any.',
    options: {
      office: { type: 'string' },
      name: { type: 'string' },
      scopes: { type: 'string' },
      expires: { type: 'string' },
      from: { type: 'string' },
    },
    run: createToken,
  },
  'token list': {
    usage: 'token list --office CODE',
    help: 'Lists the API tokens of an office: name, last use, end, scopes and addresses; says which have expired or end soon.',
    options: { office: { type: 'string' } },
    run: listTokens,
  },
  'token revoke': {
    usage: 'token revoke ID --office CODE',
    help: 'Ends an API token.',
    options: { office: { type: 'string' } },
    run: revokeToken,
  },
  'key status': {
    usage: 'key status',
    help: 'Lists the keys: what each is for, its versions, when they were made, and which root key wraps them.',
    run: keyStatus,
  },
  'key rotate': {
    usage: 'key rotate PURPOSE|installation|office CODE [--compromised]',
    help:
      'Replaces a key while the service serves.\n' +
      'PURPOSE is one that key status lists. installation replaces the root key, which wraps all others, or moves them to the one\n' +
      'that the environment names. office CODE replaces the key above the documents of one office. Nothing that citizens or staff\n' +
      'hold stops working, unless --compromised says that somebody else may have the key: what it made then ends at once.\n' +
      'It may be interrupted and done again.',
    options: { compromised: { type: 'boolean' } },
    run: rotateKey,
  },
  'key export': {
    usage: 'key export FILE --to RECIPIENT',
    help:
      'Writes the root key into a file, encrypted by age to the recipient (age1…).\n' +
      'Keep it apart from the backups: on paper in a safe, or with another person. A restore on another machine needs both. Do\n' +
      'it again after each key rotate installation, and keep the earlier ones for as long as backups of their time.',
    options: { to: { type: 'string' } },
    run: exportKey,
  },
  'key retire': {
    usage: 'key retire links|webhooks [--yes]',
    help:
      'Destroys the earlier versions of a key.\n' +
      'Links that were sent before the last rotation open nothing then, and the appointments get other links; webhooks that\n' +
      'were made before it sign by other secrets.',
    options: { yes: { type: 'boolean' } },
    run: retireKey,
  },
  backup: {
    usage: 'backup [FILE] [--to RECIPIENT | --unencrypted]',
    help:
      'Writes everything but the root key into one file, and reads it again to its end: the database, and the sealed documents.\n' +
      'Without FILE, that of each town to where its schedule keeps backups (BACKUP_FOLDER or BACKUP_S3_BUCKET), and removes those\n' +
      'that BACKUP_KEEP keeps no longer. A FILE must not be there yet: backup finestreta-$(date +%F).gz.age\n' +
      'It is encrypted by age to the recipient (age1…; several with commas), or to BACKUP_RECIPIENT: age-keygen makes one, and\n' +
      'the identity that opens it, which is kept on another machine. --unencrypted writes a FILE that everybody reads who has\n' +
      'it. Works while the server runs, for the embedded database and for DATABASE_URL, and holds nobody up.\n' +
      'The root key is kept apart, by key export: without it nothing in the backup opens.',
    options: { to: { type: 'string' }, unencrypted: { type: 'boolean' } },
    run: (call) => (call.words[0] ? backUp(call) : backUpTowns(call)),
  },
  'restore drill': {
    usage: 'restore drill [FILE] [--identity FILE] [--key FILE]',
    help:
      'Restores the newest backup into a database of its own, looks at everything in it, and removes it.\n' +
      'The service goes on and nothing of it is changed; doctor and the operator’s page then say when the last drill was.\n' +
      'Without FILE, it takes the newest of the schedule. It needs room in DATA_DIR for the database as it is restored, there\n' +
      'for the time of the drill. --identity and --key as for restore; with --key, the key that was exported is tried and not\n' +
      'the one that is here. The exit code is 1 when something was lost or changed.',
    options: { identity: { type: 'string' }, key: { type: 'string' } },
    run: restoreDrill,
  },
  restore: {
    usage: 'restore FILE [--identity FILE] [--key FILE] [--yes]',
    help:
      'Makes the installation what a backup holds.\n' +
      'Stop the server first. The file is read from end to end before anything is changed; then all of it is restored, or\n' +
      'nothing. A database that holds something is refused unless --yes says to replace it. A backup of an older\n' +
      'Finestreta is brought up to date; one of a newer Finestreta is refused.\n' +
      '--identity: of age, as age-keygen wrote it, which opens the backup. --key: the root key as key export wrote it (the same\n' +
      'identities open it), where DATA_DIR or the environment has not got it; it goes to DATA_DIR.',
    options: {
      yes: { type: 'boolean' },
      identity: { type: 'string' },
      key: { type: 'string' },
    },
    run: restore,
  },
  doctor: {
    usage: 'doctor [--start]',
    help:
      'Looks at everything that can be wrong, and says what to do.\n' +
      'The environment, the data folder, the key, the database, the town, the mail server (nothing is sent), the outbox and\n' +
      'the staff. Changes nothing; works beside a running server. The exit code is 1 when something is wrong; what only\n' +
      'deserves a look is a warning. --start: only what keeps a server from starting, so that a mail server or an antivirus\n' +
      'that is away stops none. Of several towns it makes one report: each problem once, with its towns.',
    options: { start: { type: 'boolean' } },
    run: doctor,
  },
  'test mail': {
    usage: 'test mail ADDRESS',
    help:
      'Sends a test mail past the outbox, and prints exactly what the mail server answered.\n' +
      'As the service would: by SMTP_URL, from MAIL_FROM. The exit code is 1 when it was not taken.',
    run: (call) => sendTrial('email', call),
  },
  'test sms': {
    usage: 'test sms NUMBER',
    help:
      'Sends a test SMS past the outbox, and prints exactly what the gateway answered.\n' +
      'As the service would: by SMS_URL, SMS_BODY and SMS_HEADERS. The number is in international form, such as +34600123456.\n' +
      'The exit code is 1 when it was not taken.',
    run: (call) => sendTrial('sms', call),
  },
  health: {
    usage: 'health [--wait SECONDS]',
    help:
      'Asks the server on this machine whether it can serve: for supervisors and containers.\n' +
      'The exit code is 0 when it can, 1 when not. --wait: asks again for so long.',
    options: { wait: { type: 'string' } },
    run: health,
  },
};
