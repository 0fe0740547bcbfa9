import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql, type Transaction } from 'kysely';

type Tx = Transaction<unknown>;

/** An SQL function as its file declares it. */
export interface FunctionFile {
  /** The name of the function and of the file. */
  name: string;
  text: string;
  sha256: string;
}

/** Returns the functions in a folder of migrations, by name. @throws Error when a file has no function's name */
export function functionFiles(folder: string): FunctionFile[] {
  const names = readdirSync(join(folder, 'functions')).filter((each) => each.endsWith('.sql'));
  return names.sort().map((file) => {
    const name = file.slice(0, -'.sql'.length);
    if (!/^[a-z][a-z0-9_]*$/.test(name))
      throw new Error(`${join(folder, 'functions', file)} is not named after an SQL function`);
    const text = readFileSync(join(folder, 'functions', file), 'utf8');
    return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
  });
}

/** The changes made to the functions of a database. */
export interface FunctionChange {
  /** Names of the functions that were made or replaced. */
  applied: string[];
  /** Functions without a file, and earlier ones with other arguments, in the form of DROP ROUTINE. */
  obsolete: string[];
}

/**
 * Makes and replaces the functions whose file differs from the applied one. Their bodies are not checked, since their tables may not exist
 * yet. Obsolete functions stay until the caller drops them, since a table file may have to remove a reference first.
 */
export async function applyFunctions(tx: Tx, folder: string): Promise<FunctionChange> {
  await sql`create table if not exists public.applied_function (
    name text primary key, sha256 text not null, signature text not null, at timestamptz not null)`.execute(
    tx,
  );
  const recorded = await readRecorded(tx);
  const files = functionFiles(folder);
  const changed = files.filter(({ name, sha256 }) => recorded.get(name)?.sha256 !== sha256);
  const obsolete: string[] = [];
  await sql`set local check_function_bodies = off`.execute(tx);
  for (const file of changed) {
    const before = recorded.get(file.name)?.signature;
    const signature = await inFile(file.name, () => applyFunction(tx, file, before));
    if (before !== undefined && before !== signature) obsolete.push(before);
    await sql`insert into public.applied_function values (${file.name}, ${file.sha256}, ${signature}, now())
      on conflict (name) do update
      set sha256 = excluded.sha256, signature = excluded.signature, at = excluded.at`.execute(tx);
  }
  await sql`set local check_function_bodies = on`.execute(tx);
  for (const { name, signature } of recorded.values()) {
    if (files.some((file) => file.name === name)) continue;
    obsolete.push(signature);
    await sql`delete from public.applied_function where name = ${name}`.execute(tx);
  }
  return { applied: changed.map(({ name }) => name), obsolete };
}

/** Drops obsolete functions. @throws when a trigger, a policy or a default still uses one */
export async function dropFunctions(tx: Tx, signatures: readonly string[]): Promise<void> {
  for (const each of signatures) await sql.raw(`drop routine if exists ${each}`).execute(tx);
}

/** Checks the bodies of functions, once all tables exist. @throws when one is not valid SQL */
export async function validateFunctions(tx: Tx, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const validate = sql`
      select case l.lanname when 'plpgsql' then plpgsql_validator(p.oid) when 'sql' then fmgr_sql_validator(p.oid) end
      from pg_proc p join pg_language l on l.oid = p.prolang
      where p.pronamespace = 'public'::regnamespace and p.proname = ${name}`;
    await inFile(name, () => validate.execute(tx));
  }
}

interface Recorded {
  name: string;
  sha256: string;
  signature: string;
}

async function readRecorded(tx: Tx): Promise<Map<string, Recorded>> {
  const { rows } = await sql<Recorded>`
    select name, sha256, signature from public.applied_function order by name`.execute(tx);
  return new Map(rows.map((each) => [each.name, each]));
}

/** invalid_function_definition: the result or the name of an argument differs, which "create or replace" cannot change. */
const NOT_REPLACEABLE = '42P13';

/** Runs a function's file. Returns the function's signature. */
async function applyFunction(
  tx: Tx,
  { name, text }: FunctionFile,
  recorded: string | undefined,
): Promise<string> {
  const before = await readSignatures(tx, name);
  await sql`savepoint apply_function`.execute(tx);
  try {
    await sql.raw(text).execute(tx);
  } catch (error) {
    if ((error as { code?: string }).code !== NOT_REPLACEABLE || recorded === undefined)
      throw error;
    await sql`rollback to savepoint apply_function`.execute(tx);
    await dropFunctions(tx, [recorded]);
    await sql.raw(text).execute(tx);
  }
  await sql`release savepoint apply_function`.execute(tx);
  const after = await readSignatures(tx, name);
  const made = after.filter((each) => !before.includes(each));
  const kept = after.filter((each) => each === recorded || after.length === 1);
  const signature = made[0] ?? kept[0];
  if (signature === undefined) throw new Error('it makes no function of that name');
  return signature;
}

/** Returns the functions of a name with the types of their arguments, in the form of DROP ROUTINE. */
async function readSignatures(tx: Tx, name: string): Promise<string[]> {
  const { rows } = await sql<{ signature: string }>`
    select format('public.%I(%s)', proname, oidvectortypes(proargtypes)) as signature
    from pg_proc where pronamespace = 'public'::regnamespace and proname = ${name} order by 1`.execute(
    tx,
  );
  return rows.map(({ signature }) => signature);
}

/** Adds the file's name to the message of an error. */
async function inFile<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) error.message = `functions/${name}.sql: ${error.message}`;
    throw error;
  }
}
