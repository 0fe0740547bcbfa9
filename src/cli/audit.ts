import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { type Context, openContext } from '../context.ts';
import { type Damage, readSealTexts, sealText } from '../features/foundation/audit/service.ts';
import type { Call } from './commands.ts';
import { noteFromCommand } from './security.ts';

const WHAT: Record<Damage, string> = {
  removed: 'something of what it covers is missing',
  added: 'something was added to what it covers',
  changed: 'something of what it covers was changed',
  replaced: 'it is not the seal that was kept elsewhere',
  cut: 'it was kept elsewhere, and the trail ends before it: the newest entries were taken away',
};

/** Exit codes: everything is unchanged; something was changed; the command was called wrongly. */
const SOUND = 0;
const BROKEN = 1;
const MISUSED = 2;

/** Seals that were kept outside the database, by office and number. */
type Kept = Map<string, Map<number, string>>;

/**
 * Checks each office's audit trail against its seals, the seals against those kept elsewhere (--since, --seals), and consents and entries of
 * the registry against the trail. Returns the exit code.
 */
export async function checkAudit({ config, options }: Call): Promise<number> {
  const given = await keptSeals(options);
  if ('mistake' in given) {
    process.stderr.write(`${given.mistake}\n`);
    return MISUSED;
  }
  const { kept } = given;
  const context = await openContext(config, { join: true });
  try {
    return (await verifyTrails(context, kept)) ? SOUND : BROKEN;
  } finally {
    await context.close();
  }
}

/** Prints whether each office's trail, acts and registry are as they were written. Returns whether all of them are. */
export async function verifyTrails(context: Context, kept: Kept = new Map()): Promise<boolean> {
  const { auditSeals, consent, offices, registry } = context;
  let isSound = true;
  const print = (isRight: boolean, line: string): void => {
    isSound &&= isRight;
    process.stdout.write(`${line}\n`);
  };
  for (const { id, code } of await auditSeals.offices()) {
    const seals = kept.get(code);
    kept.delete(code);
    const verdict = await auditSeals.verify(id, seals);
    if (!verdict.ok) noteFromCommand('audit.check_failed', { office: id, what: 'trail' });
    print(
      verdict.ok,
      verdict.ok
        ? `${code}: ${verdict.rows} entries under ${verdict.seals} seals, as they were written${comparedWith(seals)}.`
        : `${code}: seal ${verdict.seal} is broken: ${WHAT[verdict.what]}.`,
    );
    if (verdict.ok && verdict.last) print(true, `Last seal: ${sealText(code, verdict.last)}`);
    const acts = await consent.verify(id);
    if (!acts.ok) noteFromCommand('audit.check_failed', { office: id, what: 'acts' });
    print(
      acts.ok,
      acts.ok
        ? `${code}: ${acts.acts} acts that were consented to, as they were sealed.`
        : `${code}: act ${acts.act} is not as it was sealed: it was ${acts.what}.`,
    );
    const entries = await registry.verify(await offices.byId(id));
    if (!entries.ok) noteFromCommand('audit.check_failed', { office: id, what: 'registry' });
    print(
      entries.ok,
      entries.ok
        ? `${code}: ${entries.entries} entries of the registry, as they were written.`
        : `${code}: ${entries.number} of the registry is not as it was written: it was ${entries.what}.`,
    );
  }
  for (const [code, seals] of kept)
    print(
      false,
      `${code}: ${seals.size} seals were kept elsewhere, and the database has no such office.`,
    );
  return isSound;
}

const comparedWith = (seals: ReadonlyMap<number, string> | undefined): string =>
  seals ? `, and ${seals.size} of the seals as they were kept elsewhere` : '';

/** Returns the operator's seals, or the mistake in them. */
async function keptSeals(options: Call['options']): Promise<{ kept: Kept } | { mistake: string }> {
  const kept: Kept = new Map();
  const keep = (found: ReturnType<typeof readSealTexts>): string | null => {
    for (const { office, number, value } of found) {
      const ofOffice = kept.get(office) ?? new Map<number, string>();
      const before = ofOffice.get(number);
      if (before && before !== value)
        return `Two values are given for seal ${number} of ${office}. After a restore, give only the seals from then on.`;
      kept.set(office, ofOffice.set(number, value));
    }
    return null;
  };
  for (const each of listOf(options.since)) {
    const found = readSealTexts(each);
    if (found.length !== 1 || `${found[0]?.office}:${found[0]?.number}:${found[0]?.value}` !== each)
      return {
        mistake: `--since ${each}: a seal is written OFFICE:NUMBER:VALUE, as "Last seal" or auditSeal says it.`,
      };
    const mistake = keep(found);
    if (mistake) return { mistake };
  }
  for (const file of listOf(options.seals)) {
    const lines = await readLines(file);
    if (lines === null)
      return { mistake: `--seals ${file}: there is no such file that can be read.` };
    const found = lines.filter((line) => isOfTown(line, options.town)).flatMap(readSealTexts);
    if (found.length === 0) return { mistake: `--seals ${file}: there is no seal in it.` };
    const mistake = keep(found);
    if (mistake) return { mistake };
  }
  return { kept };
}

const listOf = (option: Call['options'][string]): string[] =>
  Array.isArray(option) ? option : typeof option === 'string' ? [option] : [];

/** Returns the lines of a file, or of the standard input (-); null: it can't be read. */
async function readLines(file: string): Promise<string[] | null> {
  try {
    const all = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8');
    return all.split('\n');
  } catch {
    return null;
  }
}

/** Returns whether a line of the log belongs to the town; with several towns each line has its town's name. */
function isOfTown(line: string, town: Call['options'][string]): boolean {
  const [, named] = /"town":"([^"]+)"/.exec(line) ?? [];
  return town === undefined || named === undefined || named === town;
}
